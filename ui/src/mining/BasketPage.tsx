// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import { ShoppingBasket } from 'lucide-react';
import { useState } from 'react';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import { BasketPictures } from './BasketPictures';
import classes from './Finding.module.css';
import type { Basket } from './findingApi';
import { FindingFrame } from './FindingFrame';

/** What customers buy together: rules, matrix, graph. */
export function BasketPage() {
  const { t } = useTranslation('mining');
  const [by, setBy] = useState<'category' | 'product'>('category');
  const [months, setMonths] = useState('12');
  const [support, setSupport] = useState<number | string>(1);
  const [confidence, setConfidence] = useState<number | string>(20);
  const settings = {
    by,
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
          <NumberInput
            label={t('finding.basket.support')}
            value={support}
            onChange={setSupport}
            min={0.01}
            max={99}
            step={0.5}
            suffix=" %"
            w={120}
          />
          <NumberInput
            label={t('finding.basket.confidence')}
            value={confidence}
            onChange={setConfidence}
            min={0}
            max={100}
            step={5}
            suffix=" %"
            w={120}
          />
        </>
      }
    >
      {(result) => <BasketResult result={result} />}
    </FindingFrame>
  );
}

function BasketResult({ result }: { result: Basket }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const best = result.rules[0];
  const useful = result.rules.filter((r) => !r.redundant).slice(0, 60);
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        <p>
          {best
            ? t('finding.basket.best', {
                left: best.left.join(' + '),
                right: best.right,
                confidence: percent(best.confidence, 0),
                lift: number(best.lift, 1),
                count: best.count,
              })
            : t('finding.basket.none')}
        </p>
      </div>
      <div className={classes.stats}>
        <Stat label={t('finding.basket.baskets')} value={number(result.baskets)} />
        <Stat label={t('finding.basket.items')} value={number(result.items)} />
        <Stat label={t('finding.basket.itemsets')} value={number(result.itemsets)} />
        <Stat label={t('finding.basket.rules')} value={number(result.rules_found)} />
      </div>
      <BasketPictures result={result} />
      <Panel title={t('finding.basket.list')} flush>
        <SimpleTable
          label={t('finding.basket.list')}
          rows={useful}
          rowKey={(r) => `${r.left.join('+')}>${r.right}`}
          columns={[
            { id: 'l', header: t('finding.basket.left'), cell: (r) => r.left.join(' + ') },
            { id: 'r', header: t('finding.basket.right'), cell: (r) => r.right },
            {
              id: 'n',
              header: t('finding.count'),
              align: 'end',
              cell: (r) => <span className="num">{number(r.count)}</span>,
            },
            {
              id: 's',
              header: t('finding.basket.support'),
              align: 'end',
              cell: (r) => <span className="num">{percent(r.support)}</span>,
            },
            {
              id: 'c',
              header: t('finding.basket.confidence'),
              align: 'end',
              cell: (r) => (
                <span className="num" title={`${percent(r.confidence_low)} – ${percent(r.confidence_high)}`}>
                  {percent(r.confidence)}
                </span>
              ),
            },
            {
              id: 'x',
              header: t('finding.lift'),
              align: 'end',
              cell: (r) => <span className="num">{number(r.lift, 2)}</span>,
            },
          ]}
        />
      </Panel>
    </div>
  );
}
