// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import type { Effect, Uplift, UpliftMethod } from './api';

/** What contacting the most promising share adds, against contacting at random. */
export function QiniChart({ curve, result }: { curve: UpliftMethod['curve']; result: Uplift }) {
  const { t } = useTranslation('mining');
  const { percent, number, moneyCompact } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const write = (v: number) =>
        result.currency ? moneyCompact(Math.round(v), result.currency) : number(v, Math.abs(v) < 10 ? 1 : 0);
      const end = curve.at(-1)?.gain ?? 0;
      return {
        legend: { data: [t('finding.uplift.byScore'), t('finding.uplift.atRandom')] },
        tooltip: {
          trigger: 'axis' as const,
          formatter: (points: { value: [number, number] }[]) => {
            const point = points[0]?.value ?? [0, 0];
            return t('finding.uplift.point', { share: percent(point[0], 0), gain: write(point[1]) });
          },
        },
        xAxis: { type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } },
        yAxis: { type: 'value' as const, axisLabel: { formatter: write } },
        series: [
          {
            type: 'line' as const,
            name: t('finding.uplift.byScore'),
            showSymbol: false,
            areaStyle: { opacity: 0.1 },
            data: curve.map((p) => [p.share, p.gain]),
          },
          {
            type: 'line' as const,
            name: t('finding.uplift.atRandom'),
            showSymbol: false,
            itemStyle: { color: theme.textDim },
            lineStyle: { type: 'dashed' as const, color: theme.textDim, width: 1 },
            data: [
              [0, 0],
              [1, end],
            ],
          },
        ],
      };
    },
    [curve, result, t, percent, number, moneyCompact],
  );
  return <Chart option={option} height={280} label={t('finding.uplift.curve')} />;
}

interface EffectBarsProps {
  label: string;
  effects: Effect[];
  result: Uplift;
}

/** Effects with the stretch in which they lie. */
export function EffectBars({ label, effects, result }: EffectBarsProps) {
  const { number, moneyCompact } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const write = (v: number) =>
        result.currency ? moneyCompact(Math.round(v), result.currency) : `${number(100 * v, 1)} %p`;
      const known = (e: Effect) => Math.min(e.treated, e.control) >= 20;
      return {
        legend: { show: false },
        tooltip: {
          trigger: 'axis' as const,
          formatter: (points: { dataIndex: number }[]) => {
            const e = effects[points[0]?.dataIndex ?? 0];
            return e ? `${e.name}: ${write(e.uplift)} (${write(e.low)} ~ ${write(e.high)})` : '';
          },
        },
        xAxis: { type: 'category' as const, data: effects.map((e) => e.name) },
        yAxis: { type: 'value' as const, axisLabel: { formatter: write } },
        series: [
          {
            type: 'bar' as const,
            barMaxWidth: 36,
            data: effects.map((e) => (known(e) ? e.uplift : null)),
          },
          ...(['low', 'high'] as const).map((end) => ({
            type: 'scatter' as const,
            symbol: 'rect',
            symbolSize: [16, 2],
            itemStyle: { color: theme.text },
            data: effects.map((e) => (known(e) ? e[end] : null)),
          })),
        ],
      };
    },
    [effects, result, number, moneyCompact],
  );
  return <Chart option={option} height={260} label={label} />;
}
