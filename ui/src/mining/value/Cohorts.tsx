// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { useMemo, useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import classes from '../Rfm.module.css';
import type { Cohort, ValueResult } from './api';
import own from './Value.module.css';

const monthOf = (period: number) => `${Math.floor(period / 12)}-${String((period % 12) + 1).padStart(2, '0')}`;

/** How cohorts stay and what they bring, and how long customers wait between purchases. */
export function Cohorts({ result }: { result: ValueResult }) {
  const { t } = useTranslation('mining');
  const { number, percent, moneyCompact } = useFormat();
  const [show, setShow] = useState<'retention' | 'revenue'>('retention');
  const cohorts = result.cohorts.filter((cohort) => cohort.customers > 0);
  const value = (cohort: Cohort, k: number) =>
    show === 'retention' ? (cohort.active[k] ?? 0) / cohort.customers : (cohort.revenue[k] ?? 0) / cohort.customers;
  const most = Math.max(1e-9, ...cohorts.flatMap((c) => c.active.slice(1).map((_, k) => value(c, k + 1))));
  const option = useMemo(
    () => ({
      legend: { show: false },
      tooltip: { trigger: 'axis' as const },
      xAxis: {
        type: 'category' as const,
        data: result.gaps.map((gap) => (gap.days > 0 ? t('value.upTo', { n: gap.days }) : t('value.longer'))),
      },
      yAxis: { type: 'value' as const },
      series: [{ type: 'bar' as const, name: t('value.times'), data: result.gaps.map((gap) => gap.count) }],
    }),
    [result, t],
  );
  return (
    <div className={classes.stack}>
      <Panel
        title={t('value.cohorts')}
        actions={
          <SegmentedControl
            size="xs"
            aria-label={t('rfm.show')}
            value={show}
            onChange={(next) => setShow(next as 'retention' | 'revenue')}
            data={[
              { value: 'retention', label: t('value.showRetention') },
              { value: 'revenue', label: t('value.showRevenue') },
            ]}
          />
        }
      >
        <div className={own.scroll}>
          <table className={own.matrix} aria-label={t('value.cohorts')}>
            <thead>
              <tr>
                <th scope="col">{t('value.firstMonth')}</th>
                <th scope="col">{t('rfm.values.customers')}</th>
                {cohorts[0]?.active.map((_, k) => (
                  <th key={monthOf(k)} scope="col">
                    +{k}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {cohorts.map((cohort) => (
                <tr key={cohort.period}>
                  <th scope="row">{monthOf(cohort.period)}</th>
                  <th scope="row">{number(cohort.customers)}</th>
                  {cohort.active.map((_, k) => (
                    <td
                      key={monthOf(k)}
                      style={
                        { '--heat': `${Math.round(Math.min(1, value(cohort, k) / most) * 100)}%` } as CSSProperties
                      }
                    >
                      {show === 'retention'
                        ? percent(value(cohort, k), 0)
                        : moneyCompact(Math.round(value(cohort, k)), result.currency)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Panel
        title={t('value.gaps')}
        aside={`${t('value.medianGap')}: ${t('value.days', { n: number(result.median_gap_days) })}`}
      >
        <Chart option={option} height={240} label={t('value.gaps')} />
      </Panel>
    </div>
  );
}
