// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Status } from '@/shared/page';
import classes from '../Finding.module.css';
import { useColumnName } from '../useColumnName';
import type { ModelInUse } from './api';
import styles from './Prediction.module.css';

/** Marks of the population stability index: from here on moved, from there on changed. */
const MOVED = 0.1;
const CHANGED = 0.25;

/** What every refresh saw: stability, and what was predicted against what was seen. */
export function Monitors({ model }: { model: ModelInUse }) {
  const { t } = useTranslation('mining');
  const { dateTime, percent, number } = useFormat();
  const name = useColumnName();
  const list = useMemo(() => model.monitors ?? [], [model]);
  const days = useMemo(() => list.map((m) => dateTime(m.at)), [list, dateTime]);
  const stability = useMemo(
    () => (theme: ChartTheme) => ({
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => number(Number(v), 3) },
      xAxis: { type: 'category' as const, data: days },
      yAxis: { type: 'value' as const, min: 0, max: (v: { max: number }) => Math.ceil(10 * Math.max(0.3, v.max)) / 10 },
      series: [
        {
          type: 'line' as const,
          name: t('models.scorePsi'),
          data: list.map((m) => m.now.score.psi),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            data: [
              { yAxis: MOVED, lineStyle: { color: theme.series[2] } },
              { yAxis: CHANGED, lineStyle: { color: theme.bad } },
            ],
          },
        },
        {
          type: 'line' as const,
          name: t('models.columnPsi'),
          lineStyle: { type: 'dashed' as const },
          data: list.map((m) => m.now.columns?.[0]?.psi ?? 0),
        },
      ],
    }),
    [list, days, number, t],
  );
  const rates = useMemo(
    () => () => ({
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => percent(Number(v), 1) },
      xAxis: { type: 'category' as const, data: days },
      yAxis: { type: 'value' as const, min: 0, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      series: [
        { type: 'line' as const, name: t('finding.prediction.predicted'), data: list.map((m) => m.past?.mean_score) },
        { type: 'line' as const, name: t('finding.prediction.seen'), data: list.map((m) => m.past?.rate_seen) },
        {
          type: 'line' as const,
          name: t('models.rateThen'),
          lineStyle: { type: 'dashed' as const },
          data: list.map((m) => m.now.rate_learned),
        },
      ],
    }),
    [list, days, percent, t],
  );
  if (list.length === 0) return <p className={styles.note}>{t('models.noMonitor')}</p>;
  return (
    <>
      <div className={classes.split}>
        <Panel title={t('models.stability')}>
          <Chart option={stability} height={230} label={t('models.stability')} />
        </Panel>
        <Panel title={t('models.rates')}>
          <Chart option={rates} height={230} label={t('models.rates')} />
        </Panel>
      </div>
      <Panel title={t('models.columns')} flush>
        <SimpleTable
          label={t('models.columns')}
          rows={(model.latest?.now.columns ?? []).slice(0, 8)}
          rowKey={(c) => c.column}
          columns={[
            { id: 'c', header: t('models.column'), cell: (c) => name(c.column) },
            { id: 'p', header: 'PSI', align: 'end', cell: (c) => number(c.psi, 3) },
            {
              id: 'v',
              header: t('models.state'),
              cell: (c) => (
                <Status tone={c.verdict === 'stable' ? 'teal' : c.verdict === 'moved' ? 'amber' : 'red'}>
                  {t(`models.moves.${c.verdict}` as 'models.moves.stable')}
                </Status>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}
