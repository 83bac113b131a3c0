// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import type { Basket } from '../findingApi';

const RULES = 30;

/** The strongest rules as a graph: items are points, a rule is an arrow, thicker with a higher lift. */
export function BasketGraph({ result }: { result: Basket }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const rules = result.rules.filter((r) => !r.redundant).slice(0, RULES);
      const counts = new Map((result.names ?? []).map((name, i) => [name, result.counts?.[i] ?? 0]));
      const names = [...new Set(rules.flatMap((r) => [...r.left, r.right]))];
      const most = Math.max(1, ...names.map((name) => counts.get(name) ?? 1));
      const highest = Math.max(...rules.map((r) => r.lift), 1);
      return {
        legend: { show: false },
        series: [
          {
            type: 'graph' as const,
            layout: 'circular' as const,
            roam: false,
            left: '18%',
            right: '18%',
            top: '12%',
            bottom: '12%',
            circular: { rotateLabel: false },
            edgeSymbol: ['none', 'arrow'],
            edgeSymbolSize: 7,
            label: { show: true, position: 'right' as const, color: theme.text, fontSize: 12 },
            labelLayout: { hideOverlap: true },
            emphasis: { focus: 'adjacency' as const },
            lineStyle: { color: theme.textDim, curveness: 0.18 },
            itemStyle: { color: theme.series[0] },
            data: names.map((name) => ({
              name,
              symbolSize: 12 + 26 * Math.sqrt((counts.get(name) ?? 1) / most),
              tooltip: { formatter: `${name}: ${number(counts.get(name) ?? 0)}` },
            })),
            links: rules.flatMap((r) =>
              r.left.map((left) => ({
                source: left,
                target: r.right,
                lineStyle: { width: 1 + (5 * r.lift) / highest, opacity: 0.25 + 0.55 * (r.lift / highest) },
                tooltip: {
                  formatter: `${r.left.join(' + ')} → ${r.right}<br/>${t('finding.lift')} ${number(r.lift, 2)} · ${t('finding.basket.confidence')} ${percent(r.confidence)}`,
                },
              })),
            ),
          },
        ],
      };
    },
    [result, number, percent, t],
  );
  return <Chart option={option} height={420} label={t('finding.basket.graph')} />;
}
