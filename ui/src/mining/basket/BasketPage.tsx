// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import dayjs from 'dayjs';
import { ShoppingBasket } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AudienceSelect, type Audience } from '../AudienceSelect';
import type { Basket } from '../findingApi';
import { FindingFrame } from '../FindingFrame';
import { BasketResult } from './BasketResult';

const againsts = ['', 'before', 'others'] as const;

/** What customers buy together: rules, itemsets, matrix, graph; by segment and period. */
export function BasketPage() {
  const { t } = useTranslation('mining');
  const [by, setBy] = useState<'category' | 'product'>('category');
  const [months, setMonths] = useState('12');
  const [audience, setAudience] = useState<Audience>({});
  const [against, setAgainst] = useState<(typeof againsts)[number]>('');
  const [support, setSupport] = useState<number | string>(1);
  const [confidence, setConfidence] = useState<number | string>(20);
  const isSome = audience.group !== undefined || audience.segment_id !== undefined;
  const canBe = { '': true, before: months !== '0', others: isSome };
  const settings = {
    by,
    ...audience,
    against: canBe[against] ? against : '',
    from: months === '0' ? undefined : dayjs().subtract(Number(months), 'month').format('YYYY-MM-DD'),
    support: Number(support) / 100,
    confidence: Number(confidence) / 100,
  };
  return (
    <FindingFrame<Basket>
      kind="basket"
      icon={ShoppingBasket}
      settings={settings.support > 0 ? settings : undefined}
      form={
        <>
          <Select
            label={t('finding.basket.by')}
            data={(['category', 'product'] as const).map((b) => ({ value: b, label: t(`finding.${b}`) }))}
            value={by}
            allowDeselect={false}
            onChange={(b) => b && setBy(b as 'category' | 'product')}
            w={140}
          />
          <AudienceSelect value={audience} onChange={setAudience} />
          <Select
            label={t('rfm.period')}
            data={['3', '6', '12', '24', '0'].map((m) => ({
              value: m,
              label: m === '0' ? t('rfm.allTime') : t('rfm.months', { n: m }),
            }))}
            value={months}
            allowDeselect={false}
            onChange={(m) => m && setMonths(m)}
            w={140}
          />
          <Select
            label={t('finding.basket.against')}
            data={againsts.map((a) => ({
              value: a,
              label: t(`finding.basket.againsts.${a || 'none'}`),
              disabled: !canBe[a],
            }))}
            value={settings.against}
            allowDeselect={false}
            onChange={(a) => a !== null && setAgainst(a as (typeof againsts)[number])}
            w={170}
          />
          <NumberInput
            label={t('finding.basket.support')}
            value={support}
            onChange={setSupport}
            min={0.01}
            max={99}
            step={0.5}
            suffix=" %"
            w={110}
          />
          <NumberInput
            label={t('finding.basket.confidence')}
            value={confidence}
            onChange={setConfidence}
            min={0}
            max={100}
            step={5}
            suffix=" %"
            w={110}
          />
        </>
      }
    >
      {(result) => <BasketResult result={result} />}
    </FindingFrame>
  );
}
