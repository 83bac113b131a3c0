// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import type { ForecastResult } from './api';

/** What was, what is expected, and in which range. */
export function ForecastChart({ result, write }: { result: ForecastResult; write: (v: number) => string }) {
  const { t } = useTranslation('mining');
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const shown = result.series.slice(-Math.max(60, 3 * result.ahead.length));
      const gap = shown.map(() => null);
      const last = shown.at(-1)?.value ?? null;
      const join = gap.slice(0, -1);
      const color = theme.series[2] ?? theme.text;
      return {
        legend: { data: [t('forecast.soFar'), t('forecast.point')] },
        tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => (typeof v === 'number' ? write(v) : '–') },
        xAxis: { type: 'category' as const, data: [...shown, ...result.ahead].map((p) => p.step) },
        yAxis: { type: 'value' as const, axisLabel: { formatter: (v: number) => write(v) } },
        series: [
          { type: 'line' as const, name: t('forecast.soFar'), showSymbol: false, data: shown.map((p) => p.value) },
          {
            type: 'line' as const,
            name: t('forecast.point'),
            showSymbol: false,
            itemStyle: { color },
            lineStyle: { type: 'dashed' as const, color },
            data: [...join, last, ...result.ahead.map((p) => p.value)],
          },
          {
            type: 'line' as const,
            name: '95 % ↓',
            stack: 'band',
            showSymbol: false,
            lineStyle: { opacity: 0 },
            data: [...gap, ...result.ahead.map((p) => p.low_95)],
          },
          {
            type: 'line' as const,
            name: '95 %',
            stack: 'band',
            showSymbol: false,
            lineStyle: { opacity: 0 },
            areaStyle: { color, opacity: 0.16 },
            data: [...gap, ...result.ahead.map((p) => p.high_95 - p.low_95)],
          },
        ],
      };
    },
    [result, t, write],
  );
  return <Chart option={option} height={340} label={t('forecast.chart')} />;
}

/** Forecasts from past origins beside what came. */
export function BackChart({ result, write }: { result: ForecastResult; write: (v: number) => string }) {
  const { t } = useTranslation('mining');
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const all = result.result.backtest?.paths ?? [];
      // Long paths would hide each other.
      const paths = (all[0]?.points.length ?? 0) > 60 ? all.filter((_, i) => i % 3 === 0).slice(0, 4) : all;
      const from = Math.max(0, Math.min(...paths.map((p) => p.start)) - Math.max(6, result.ahead.length));
      const shown = result.series.slice(from);
      const color = theme.series[2] ?? theme.text;
      return {
        legend: { data: [t('forecast.soFar'), t('forecast.fromThen')] },
        tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => (typeof v === 'number' ? write(v) : '–') },
        xAxis: { type: 'category' as const, data: shown.map((p) => p.step) },
        yAxis: { type: 'value' as const, axisLabel: { formatter: (v: number) => write(v) } },
        series: [
          { type: 'line' as const, name: t('forecast.soFar'), showSymbol: false, data: shown.map((p) => p.value) },
          ...paths.map((path) => ({
            type: 'line' as const,
            name: t('forecast.fromThen'),
            showSymbol: false,
            itemStyle: { color },
            lineStyle: { color, width: 1, opacity: 0.7 },
            data: shown.map((_, i) => path.points[i + from - path.start] ?? null),
          })),
        ],
      };
    },
    [result, t, write],
  );
  return <Chart option={option} height={280} label={t('forecast.back', { n: result.result.backtest?.origins ?? 0 })} />;
}
