// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import classes from '../Finding.module.css';
import type { Basket } from '../findingApi';

/** The strongest rules as bars. */
export function BasketStrongest({ result }: { result: Basket }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const rules = result.rules.filter((r) => !r.redundant).slice(0, 12);
  const bars = useMemo(
    () => () => ({
      legend: { show: false },
      grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => number(Number(v), 2) },
      xAxis: { type: 'value' as const },
      yAxis: {
        type: 'category' as const,
        inverse: true,
        data: rules.map((r) => `${r.left.join(' + ')} → ${r.right}`),
        axisLabel: { width: 180, overflow: 'truncate' as const },
      },
      series: [{ type: 'bar' as const, name: t('finding.lift'), data: rules.map((r) => r.lift), barMaxWidth: 16 }],
    }),
    [rules, number, t],
  );
  return (
    <Panel title={t('finding.basket.strongest')}>
      <Chart option={bars} height={420} label={t('finding.basket.strongest')} />
    </Panel>
  );
}

/** How often each pair of frequent items meets against chance. */
export function BasketMatrix({ result }: { result: Basket }) {
  const { t } = useTranslation('mining');
  const names = result.names ?? [];
  return (
    <Panel title={t('finding.basket.matrix')} flush>
      <div className={classes.wide}>
        <SimpleTable
          label={t('finding.basket.matrix')}
          rows={names.map((name, i) => ({ name, i }))}
          rowKey={(row) => row.name}
          columns={[
            { id: 'name', header: '', cell: (row) => row.name },
            ...names.map((other, j) => ({
              id: `c${j}`,
              header: other,
              align: 'end' as const,
              cell: (row: { i: number }) => <Lift value={row.i === j ? 0 : (result.lift?.[row.i]?.[j] ?? 0)} />,
            })),
          ]}
        />
      </div>
    </Panel>
  );
}

/** Above one is drawn stronger: they meet more often than by chance. */
function Lift({ value }: { value: number }) {
  const { number } = useFormat();
  if (value === 0) return <span aria-hidden>·</span>;
  const strength = Math.min(40, Math.max(0, (value - 1) * 40));
  return (
    <span
      className="num"
      style={{
        background: `color-mix(in srgb, var(--accent) ${strength}%, transparent)`,
        padding: '2px 4px',
        borderRadius: 4,
      }}
    >
      {number(value, 2)}
    </span>
  );
}
