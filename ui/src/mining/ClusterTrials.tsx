// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import type { Clusters } from './findingApi';
import classes from './Finding.module.css';

/** Why so many groups: how surely each number of them is found again, and how well they part. */
export function ClusterTrials({ result }: { result: Clusters }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const trials = result.trials ?? [];
      const line = (name: string, values: (number | null)[]) => ({
        type: 'line' as const,
        name,
        symbolSize: 6,
        data: values,
      });
      const mark = (at: object, text: string) => ({
        ...at,
        label: { formatter: text, color: theme.textDim },
        lineStyle: { color: theme.textDim, type: 'dashed' as const },
      });
      return {
        legend: { data: [t('finding.cluster.strength'), t('finding.cluster.silhouette')] },
        tooltip: {
          trigger: 'axis' as const,
          valueFormatter: (v: unknown) => (typeof v === 'number' ? number(v, 2) : '–'),
        },
        grid: { right: 36 },
        xAxis: { type: 'category' as const, data: trials.map((trial) => String(trial.k)) },
        yAxis: { type: 'value' as const, min: 0, max: 1 },
        series: [
          {
            ...line(
              t('finding.cluster.strength'),
              trials.map((trial) => trial.prediction_strength),
            ),
            markLine: {
              silent: true,
              symbol: 'none',
              data: [mark({ yAxis: 0.8 }, '0.8'), mark({ xAxis: String(result.k) }, `k = ${result.k}`)],
            },
          },
          line(
            t('finding.cluster.silhouette'),
            trials.map((trial) => (trial.k > 1 ? trial.silhouette : null)),
          ),
        ],
      };
    },
    [result, t, number],
  );
  return (
    <Panel title={t('finding.cluster.choice')}>
      <Chart option={option} height={260} label={t('finding.cluster.choice')} />
      <small className={classes.words}>
        {t('finding.cluster.choiceNote', { k: result.trials?.find((trial) => trial.is_proposed)?.k ?? 1 })}
      </small>
    </Panel>
  );
}

/** The distances at which the last groups of a tree were joined: a jump parts groups. */
export function TreeHeights({ heights }: { heights: number[] }) {
  const { t } = useTranslation('mining');
  const option = useMemo(
    () => () => ({
      legend: { show: false },
      xAxis: { type: 'category' as const, data: heights.map((_, i) => `${i + 2} → ${i + 1}`) },
      yAxis: { type: 'value' as const },
      series: [{ type: 'bar' as const, data: heights, barMaxWidth: 28 }],
    }),
    [heights],
  );
  return (
    <Panel title={t('finding.cluster.heights')}>
      <Chart option={option} height={260} label={t('finding.cluster.heights')} />
      <small className={classes.words}>{t('finding.cluster.heightsNote')}</small>
    </Panel>
  );
}
