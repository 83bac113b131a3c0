// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Status } from '@/shared/page';
import classes from './Prediction.module.css';
import type { Study } from './api';

/** Families of models side by side: cross-validation with the band of noise, and the test by time. */
export function Models({ study }: { study: Study }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const crossed = useMemo(() => study.cross_validation ?? [], [study]);
  // Half of the axis would be empty for the baseline, which has .5 whatever the data.
  const drawn = useMemo(() => crossed.filter((c) => c.family !== 'baseline'), [crossed]);
  const name = (family: string) => t(`finding.models.${family}` as 'finding.models.boost');
  const rows = study.families.map((tried) => ({ ...tried, cross: crossed.find((c) => c.family === tried.model) }));
  const best = Math.max(...crossed.map((c) => c.auc));
  const option = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      tooltip: { trigger: 'item' as const },
      xAxis: {
        type: 'value' as const,
        scale: true,
        name: 'AUC',
        nameLocation: 'middle' as const,
        nameGap: 24,
        axisLabel: { formatter: (v: number) => number(v, 2) },
      },
      grid: { left: 8, right: 16, top: 8, bottom: 30, containLabel: true },
      yAxis: {
        type: 'category' as const,
        inverse: true,
        data: drawn.map((c) => t(`finding.models.${c.family}` as 'finding.models.boost')),
      },
      series: [
        {
          type: 'bar' as const,
          stack: 'band',
          silent: true,
          itemStyle: { color: 'transparent' },
          data: drawn.map((c) => best - c.noise),
          barWidth: '62%',
        },
        {
          type: 'bar' as const,
          stack: 'band',
          silent: true,
          itemStyle: { color: theme.series[0], opacity: 0.18 },
          data: drawn.map((c) => c.noise),
        },
        {
          type: 'scatter' as const,
          name: t('finding.prediction.fold'),
          symbolSize: 5,
          itemStyle: { color: theme.textDim, opacity: 0.7 },
          data: drawn.flatMap((c, i) => c.auc_folds.map((auc) => [auc, i])),
          tooltip: { formatter: (p: { value: [number, number] }) => number(p.value[0], 4) },
        },
        {
          type: 'scatter' as const,
          name: 'AUC',
          symbol: 'diamond',
          symbolSize: 14,
          data: drawn.map((c, i) => ({
            value: [c.auc, i],
            itemStyle: { color: c.is_proposed ? theme.good : theme.series[0] },
          })),
          tooltip: { formatter: (p: { value: [number, number] }) => number(p.value[0], 4) },
        },
      ],
    }),
    [drawn, best, number, t],
  );
  return (
    <Panel title={t('finding.prediction.compare')}>
      {crossed.length > 0 && (
        <>
          <p className={classes.note}>
            {t('finding.prediction.compareHint', {
              n: number(study.cross_validation_rows ?? study.rows_learned),
              tested: number(study.rows_tested),
            })}
          </p>
          <Chart option={option} height={240} label={t('finding.prediction.compare')} />
        </>
      )}
      <SimpleTable
        label={t('finding.prediction.compare')}
        rows={rows}
        rowKey={(row) => row.model}
        columns={[
          {
            id: 'm',
            header: t('finding.prediction.model'),
            cell: (row) => (
              <>
                {row.model === study.model ? <strong>{name(row.model)}</strong> : name(row.model)}{' '}
                {row.cross?.is_proposed && <Status tone="teal">{t('finding.prediction.proposed')}</Status>}
                {!row.cross?.is_proposed && row.cross?.within_noise && (
                  <Status tone="grey">{t('finding.prediction.within')}</Status>
                )}
              </>
            ),
          },
          ...(crossed.length > 0
            ? [
                {
                  id: 'c',
                  header: t('finding.prediction.crossAuc'),
                  align: 'end' as const,
                  cell: (row: (typeof rows)[number]) => row.cross && number(row.cross.auc, 4),
                },
                {
                  id: 'b',
                  header: t('finding.prediction.behind'),
                  align: 'end' as const,
                  cell: (row: (typeof rows)[number]) =>
                    row.cross && `${number(row.cross.behind, 4)} ± ${number(row.cross.noise, 4)}`,
                },
              ]
            : []),
          { id: 't', header: t('finding.prediction.testAuc'), align: 'end', cell: (row) => number(row.auc, 4) },
          {
            id: 'i',
            header: t('finding.prediction.interval'),
            align: 'end',
            cell: (row) => `${number(row.auc_low, 3)} – ${number(row.auc_high, 3)}`,
          },
          { id: 'l', header: t('finding.prediction.logLoss'), align: 'end', cell: (row) => number(row.log_loss, 4) },
          { id: 'f', header: t('finding.prediction.lift'), align: 'end', cell: (row) => `${number(row.lift_10, 2)}×` },
        ]}
      />
    </Panel>
  );
}
