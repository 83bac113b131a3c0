// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import type { Chaos } from './ChaosPage';

const mostShown = 2000;

/** The series as it is, with the steps that its nearest neighbours foretell. */
export function SeriesChart({ result }: { result: Chaos }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const write = (v: number) =>
        result.currency ? moneyCompact(Math.round(v), result.currency) : number(v, Math.abs(v) < 10 ? 1 : 0);
      const shown = result.series.slice(-mostShown);
      const ahead = result.ahead ?? [];
      const color = theme.series[2] ?? theme.text;
      return {
        legend: { data: [t('forecast.soFar'), t('chaos.ahead')] },
        tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => (typeof v === 'number' ? write(v) : '–') },
        xAxis: { type: 'category' as const, data: [...shown, ...ahead].map((p) => p.step) },
        yAxis: { type: 'value' as const, axisLabel: { formatter: write } },
        series: [
          { type: 'line' as const, name: t('forecast.soFar'), showSymbol: false, data: shown.map((p) => p.value) },
          {
            type: 'line' as const,
            name: t('chaos.ahead'),
            showSymbol: false,
            itemStyle: { color },
            lineStyle: { type: 'dashed' as const, color },
            data: [...shown.map(() => null), ...ahead.map((p) => p.value)],
          },
        ],
      };
    },
    [result, t, number, moneyCompact],
  );
  return <Chart option={option} height={260} label={t('chaos.series')} />;
}

/** Each value against the one a delay later: a rule draws a shape, chance a cloud. */
export function PhasePlot({ values, delay }: { values: number[]; delay: number }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const option = useMemo(() => {
    const from = Math.max(0, values.length - delay - mostShown);
    const points = values.slice(from, values.length - delay).map((v, i) => [v, values[from + i + delay] ?? 0]);
    const axis = (name: string) => ({
      type: 'value' as const,
      name,
      nameLocation: 'middle' as const,
      nameGap: 28,
      scale: true,
      axisLabel: { formatter: (v: number) => number(v, Math.abs(v) < 10 ? 1 : 0), hideOverlap: true },
    });
    return {
      legend: { show: false },
      xAxis: axis('x(t)'),
      yAxis: axis(`x(t + ${delay})`),
      grid: { left: 64, bottom: 48 },
      series: [
        {
          type: 'line' as const,
          data: points,
          showSymbol: false,
          silent: true,
          lineStyle: { width: 0.5, opacity: 0.25 },
        },
        { type: 'scatter' as const, data: points, symbolSize: 4, itemStyle: { opacity: 0.75 } },
      ],
    };
  }, [values, delay, number]);
  return <Chart option={option} height={320} label={t('chaos.phase')} />;
}

/** A curve over delays, dimensions or steps; mark is where the choice fell. */
export function Curve(props: { values: number[]; from: number; mark?: number; label: string; isShare?: boolean }) {
  const { values, from, mark, label, isShare } = props;
  const { number, percent } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const write = (v: number) => (isShare ? percent(v, 0) : number(v, 2));
      return {
        legend: { show: false },
        tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => (typeof v === 'number' ? write(v) : '–') },
        xAxis: { type: 'category' as const, data: values.map((_, i) => String(i + from)) },
        yAxis: { type: 'value' as const, axisLabel: { formatter: write } },
        series: [
          {
            type: 'line' as const,
            data: values,
            symbolSize: 5,
            markLine:
              mark === undefined || mark < from || mark - from >= values.length
                ? undefined
                : {
                    silent: true,
                    symbol: 'none',
                    label: { color: theme.textDim, formatter: String(mark) },
                    lineStyle: { color: theme.textDim, type: 'dashed' as const },
                    data: [{ xAxis: String(mark) }],
                  },
          },
        ],
      };
    },
    [values, from, mark, isShare, number, percent],
  );
  return <Chart option={option} height={220} label={label} />;
}

/** The forecast error of the series among those of its surrogates. */
export function Surrogates({ errors, own, linear }: { errors: number[]; own: number; linear: number }) {
  const { t } = useTranslation('mining');
  const { percent } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const line = (x: number, text: string, color: string) => ({
        xAxis: x,
        label: { formatter: text, color },
        lineStyle: { color, type: 'solid' as const, width: 2 },
      });
      const all = [...errors, own, linear];
      return {
        legend: { show: false },
        xAxis: {
          type: 'value' as const,
          min: Math.floor(50 * Math.min(...all)) / 50,
          max: Math.ceil(50 * Math.max(...all)) / 50,
          axisLabel: { formatter: (v: number) => percent(v, 0) },
        },
        yAxis: { type: 'value' as const, show: false, min: 0, max: 1.4 },
        grid: { top: 48 },
        series: [
          {
            type: 'scatter' as const,
            symbolSize: 9,
            itemStyle: { opacity: 0.5 },
            // Spread by their place so that equal errors do not hide each other.
            data: errors.map((e, i) => [e, 0.2 + ((i * 7) % 10) / 12]),
            markLine: {
              silent: true,
              symbol: 'none',
              data: [
                line(own, t('chaos.own'), theme.series[2] ?? theme.text),
                line(linear, t('chaos.linear'), theme.textDim),
              ],
            },
          },
        ],
      };
    },
    [errors, own, linear, t, percent],
  );
  return <Chart option={option} height={320} label={t('chaos.surrogates')} />;
}
