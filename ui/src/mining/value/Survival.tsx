// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import type { ValueResult } from './api';

/** How long customers stay, with the interval. */
export function Survival({ survival }: { survival: NonNullable<ValueResult['survival']> }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const option = useMemo(() => {
    const line = (name: string, of: 'share' | 'low' | 'high', dashed: boolean) => ({
      type: 'line' as const,
      name,
      showSymbol: false,
      lineStyle: dashed ? { type: 'dashed' as const, width: 1 } : { width: 2 },
      data: survival.points.map((p) => [Math.round((p.days / 365) * 100) / 100, p[of]]),
    });
    return {
      legend: {},
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => percent(Number(v)) },
      xAxis: { type: 'value' as const, name: t('value.yearsAxis') },
      yAxis: { type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      series: [
        line(t('value.survival'), 'share', false),
        line(t('value.low'), 'low', true),
        line(t('value.high'), 'high', true),
      ],
    };
  }, [survival, percent, t]);
  const year = survival.points.find((p) => p.days >= 365);
  return (
    <Panel title={t('value.survival')} aside={t('value.survivalNote', { n: survival.silence_days })}>
      <p>
        {survival.median_days > 0
          ? t('value.survivalMedian', { n: number(survival.median_days), left: number(survival.left) })
          : t('value.survivalOpen', { left: number(survival.left), all: number(survival.customers) })}
        {year ? ` ${t('value.survivalYear', { share: percent(year.share) })}` : ''}
      </p>
      <Chart option={option} height={280} label={t('value.survival')} />
    </Panel>
  );
}
