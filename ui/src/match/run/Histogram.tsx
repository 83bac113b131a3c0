// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import type { Bin } from '../api';

interface HistogramProps {
  bins: Bin[];
  linkAt: number;
  reviewAt: number;
  height?: number;
}

/** How many pairs have which match weight, with the two thresholds; the count is drawn as its root, so that rare weights show. */
export function Histogram({ bins, linkAt, reviewAt, height = 240 }: HistogramProps) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      grid: { top: 34, bottom: 30 },
      tooltip: {
        trigger: 'item' as const,
        formatter: (point: { dataIndex: number }) => {
          const bin = bins[point.dataIndex];
          return bin
            ? t('histogram.point', {
                from: number(bin.weight, 1),
                to: number(bin.weight + 0.5, 1),
                pairs: number(bin.pairs),
                expected: number(bin.expected, 1),
              })
            : '';
        },
      },
      xAxis: { type: 'value' as const, name: t('histogram.weight'), nameLocation: 'middle' as const, nameGap: 26 },
      yAxis: { type: 'value' as const, axisLabel: { formatter: (root: number) => number(root * root) } },
      series: [
        {
          type: 'bar' as const,
          barWidth: '90%',
          data: bins.map((bin) => ({
            value: [bin.weight + 0.25, Math.sqrt(bin.pairs)],
            itemStyle: {
              color:
                bin.weight >= linkAt ? theme.good : bin.weight >= reviewAt ? (theme.series[2] ?? '') : theme.textDim,
            },
          })),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { color: theme.text, formatter: '{b}' },
            lineStyle: { color: theme.text, type: 'dashed' as const },
            data: [
              { name: t('histogram.review'), xAxis: reviewAt },
              { name: t('histogram.link'), xAxis: linkAt },
            ],
          },
        },
      ],
    }),
    [bins, linkAt, reviewAt, number, t],
  );
  return <Chart option={option} height={height} label={t('histogram.title')} />;
}
