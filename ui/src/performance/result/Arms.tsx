// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, type SimpleColumn } from '@/shared/page';
import type { Result } from '../api';
import { points, shareInterval } from '../interval';
import { IntervalChart, type IntervalRow } from '../IntervalChart';
import styles from './Result.module.css';

interface Line {
  id: string;
  label: string;
  treatment: string;
  control: string;
  difference: string;
}

/** Both groups side by side: as numbers, and as shares of buyers with their intervals. */
export function Arms({ result }: { result: Result }) {
  const { t, i18n } = useTranslation('performance');
  const { number, percent, money } = useFormat();
  const { treatment, control, conversion: rate, revenue: mean, currency } = result;
  const lines: Line[] = [
    {
      id: 'count',
      label: t('arms.count'),
      treatment: number(treatment.people),
      control: number(control.people),
      difference: '',
    },
    {
      id: 'buyers',
      label: t('arms.buyers'),
      treatment: number(treatment.buyers),
      control: number(control.buyers),
      difference: '',
    },
    {
      id: 'orders',
      label: t('arms.orders'),
      treatment: number(treatment.orders),
      control: number(control.orders),
      difference: '',
    },
    {
      id: 'rate',
      label: t('arms.rate'),
      treatment: percent(rate.treatment, 2),
      control: percent(rate.control, 2),
      difference: `${t('points', { value: points(rate.difference) })} (${points(rate.low)} – ${points(rate.high)})`,
    },
    {
      id: 'mean',
      label: t('arms.mean'),
      treatment: money(Math.round(mean.treatment), currency),
      control: money(Math.round(mean.control), currency),
      difference: `${money(Math.round(mean.difference), currency)} (${money(Math.round(mean.low), currency)} – ${money(Math.round(mean.high), currency)})`,
    },
    {
      id: 'lift',
      label: t('arms.lift'),
      treatment: '',
      control: '',
      difference: rate.lift === undefined ? '–' : `${points(rate.lift, 1)}%`,
    },
  ];
  const columns: SimpleColumn<Line>[] = [
    { id: 'label', header: '', cell: (line) => <strong style={{ fontWeight: 550 }}>{line.label}</strong> },
    { id: 'treatment', header: t('arm.treatment'), align: 'end', cell: (line) => line.treatment },
    { id: 'control', header: t('arm.control'), align: 'end', cell: (line) => line.control },
    { id: 'difference', header: t('arms.difference'), align: 'end', cell: (line) => line.difference },
  ];
  const rows = useMemo<IntervalRow[]>(
    () =>
      (['treatment', 'control'] as const).map((arm) => {
        const [low, high] = shareInterval(rate[arm], result[arm].people);
        return { label: t(`arm.${arm}`), value: rate[arm], low, high, tone: arm === 'treatment' ? 'plain' : 'quiet' };
      }),
    // The labels change with the language.
    // oxlint-disable-next-line react/exhaustive-deps
    [rate, result, i18n.language],
  );
  const asPercent = useMemo(() => (value: number) => percent(value, 2), [percent]);
  return (
    <Panel title={t('arms.title')} aside={t('arms.hint')} flush>
      <div className={styles.chart}>
        <IntervalChart rows={rows} label={t('arms.chart')} format={asPercent} />
      </div>
      <SimpleTable label={t('arms.title')} rows={lines} columns={columns} rowKey={(line) => line.id} />
    </Panel>
  );
}
