// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Magnet } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { FindingFrame } from '../FindingFrame';
import { testedQuery, type Uplift } from './api';
import { UpliftResult } from './UpliftResult';

const outcomes = ['bought', 'revenue'] as const;

/** Whom campaigns change, and not who buys anyway. */
export function UpliftPage() {
  const { t } = useTranslation('mining');
  const { date } = useFormat();
  const tested = useQuery(testedQuery);
  const [chosen, setChosen] = useState<string>();
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('bought');
  const [days, setDays] = useState<number | string>('');
  const list = (tested.data?.items ?? []).filter((one) => one.control > 0 && one.treated > 0);
  const groups = (['campaign', 'promotion'] as const)
    .map((of) => ({ of, items: list.filter((one) => one.of === of) }))
    .filter((group) => group.items.length > 0);
  // Together campaigns say more than one by one: the past ones that have most people come first.
  const usual = groups.at(-1)?.of;
  const value = chosen ?? (usual && `${usual}:0`);
  const [of, id] = (value ?? '').split(':');
  return (
    <FindingFrame<Uplift>
      kind="uplift"
      icon={Magnet}
      settings={value ? { of, id: Number(id), outcome, days: Number(days) || 0 } : undefined}
      form={
        <>
          <Select
            label={t('finding.uplift.campaign')}
            description={tested.isSuccess && groups.length === 0 ? t('finding.uplift.noCampaign') : undefined}
            data={groups.map((group) => ({
              group: t(`finding.uplift.ofs.${group.of}`),
              items: [
                { value: `${group.of}:0`, label: t('finding.uplift.together', { n: group.items.length }) },
                ...group.items.map((one) => ({
                  value: `${one.of}:${one.id}`,
                  label: one.start_on ? `${one.name} · ${date(one.start_on)}` : one.name,
                })),
              ],
            }))}
            value={value ?? null}
            onChange={(next) => next && setChosen(next)}
            allowDeselect={false}
            searchable
            w={320}
            maw="100%"
          />
          <Select
            label={t('finding.uplift.outcome')}
            data={outcomes.map((one) => ({ value: one, label: t(`finding.uplift.outcomes.${one}`) }))}
            value={outcome}
            onChange={(next) => next && setOutcome(next as (typeof outcomes)[number])}
            allowDeselect={false}
            w={160}
          />
          <NumberInput
            label={t('finding.uplift.days')}
            placeholder={t('finding.uplift.ownDays')}
            value={days}
            onChange={setDays}
            min={1}
            max={120}
            w={150}
          />
        </>
      }
    >
      {(result) => <UpliftResult result={result} />}
    </FindingFrame>
  );
}
