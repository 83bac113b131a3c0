// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import type { Bar, ValueResult } from './api';

interface ChartProps {
  result: ValueResult;
}

/** How many customers have which chance of still buying. */
export function AliveChart({ result }: ChartProps) {
  const { t } = useTranslation('mining');
  const option = useMemo(
    () => ({
      legend: { show: false },
      tooltip: { trigger: 'axis' as const },
      xAxis: { type: 'category' as const, data: result.alive.map((_, i) => `${i * 10}–${i * 10 + 10} %`) },
      yAxis: { type: 'value' as const },
      series: [{ type: 'bar' as const, name: t('rfm.values.customers'), data: result.alive }],
    }),
    [result, t],
  );
  return <Chart option={option} height={260} label={t('value.aliveChart')} />;
}

/** Customers by number of repeat purchases: as seen, and as the model has it. */
export function FrequencyChart({ result }: ChartProps) {
  const { t } = useTranslation('mining');
  const option = useMemo(
    () => ({
      legend: {},
      tooltip: { trigger: 'axis' as const },
      xAxis: {
        type: 'category' as const,
        data: result.frequencies.map((bar, i) => `${bar.x}${i === result.frequencies.length - 1 ? '+' : ''}`),
      },
      yAxis: { type: 'value' as const },
      series: [
        { type: 'bar' as const, name: t('value.actual'), data: result.frequencies.map((bar) => bar.actual) },
        {
          type: 'bar' as const,
          name: t('value.predicted'),
          data: result.frequencies.map((bar) => Math.round(bar.predicted)),
        },
      ],
    }),
    [result, t],
  );
  return <Chart option={option} height={260} label={t('value.frequencyChart')} />;
}

/** Repeat purchases so far, against a model that had not seen the end. */
export function TrackingChart({ result }: ChartProps) {
  const { t } = useTranslation('mining');
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const tracking = result.holdout?.tracking ?? [];
      const last = tracking.at(-1)?.time ?? 0;
      return {
        legend: {},
        tooltip: { trigger: 'axis' as const },
        xAxis: { type: 'value' as const, name: t('value.weeksAxis'), max: last },
        yAxis: { type: 'value' as const },
        series: [
          {
            type: 'line' as const,
            name: t('value.actual'),
            showSymbol: false,
            data: tracking.map((p) => [p.time, p.actual]),
            markLine: {
              silent: true,
              symbol: 'none',
              label: { formatter: t('value.unseen'), color: theme.textDim },
              data: [{ xAxis: Math.max(0, last - (result.holdout?.length ?? 0)) }],
            },
          },
          {
            type: 'line' as const,
            name: t('value.predicted'),
            showSymbol: false,
            lineStyle: { type: 'dashed' as const },
            data: tracking.map((p) => [p.time, Math.round(p.predicted)]),
          },
        ],
      };
    },
    [result, t],
  );
  return <Chart option={option} height={280} label={t('value.trackingChart')} />;
}

/** Mean purchases in the hold-out by earlier purchases: as seen, and as predicted. */
export function HoldoutChart({ bars }: { bars: Bar[] }) {
  const { t } = useTranslation('mining');
  const option = useMemo(
    () => ({
      legend: {},
      tooltip: { trigger: 'axis' as const },
      xAxis: { type: 'category' as const, data: bars.map((bar, i) => `${bar.x}${i === bars.length - 1 ? '+' : ''}`) },
      yAxis: { type: 'value' as const },
      series: (['actual', 'predicted'] as const).map((key) => ({
        type: 'bar' as const,
        name: t(`value.${key}`),
        data: bars.map((bar) => Math.round(bar[key] * 100) / 100),
      })),
    }),
    [bars, t],
  );
  return <Chart option={option} height={260} label={t('value.byFrequency')} />;
}
