// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import classes from '../Finding.module.css';
import { useLevelName } from '../useColumnName';
import type { Dependence, Study } from './api';
import notes from './Prediction.module.css';
import { useLabel } from './useLabel';

type Labels = Record<string, [string, string]>;

/** What matters: permutation importance, SHAP values, partial dependence. */
export function Drivers({ study, labels }: { study: Study; labels: Labels }) {
  const { t } = useTranslation('mining');
  const label = useLabel(labels);
  const { number } = useFormat();
  const bars = useMemo(
    () => () => {
      const top = study.importance.slice(0, 10);
      return {
        legend: { show: false },
        grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
        tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => number(Number(v), 4) },
        xAxis: { type: 'value' as const },
        yAxis: { type: 'category' as const, inverse: true, data: top.map((i) => label(i.column)) },
        series: [{ type: 'bar' as const, data: top.map((i) => i.auc_loss), barMaxWidth: 18 }],
      };
    },
    [study, label, number],
  );
  return (
    <>
      <div className={classes.split}>
        <Panel title={t('finding.prediction.importance')}>
          <Chart option={bars} height={320} label={t('finding.prediction.importance')} />
        </Panel>
        <Panel title={t('finding.prediction.shap')}>
          <p className={notes.note}>{t('finding.prediction.shapHint')}</p>
          <Shap study={study} labels={labels} />
        </Panel>
      </div>
      {study.partial_dependence.length > 0 && (
        <Panel title={t('finding.prediction.dependence')} aside={t('finding.prediction.dependenceHint')}>
          <div className={notes.small}>
            {study.partial_dependence.map((d) => (
              <div key={d.column}>
                <h3>{label(d.column)}</h3>
                <Curve of={d} />
              </div>
            ))}
          </div>
        </Panel>
      )}
    </>
  );
}

/** Dots of some customers: to the right what raises the score, coloured by how high the value is. */
function Shap({ study, labels }: { study: Study; labels: Labels }) {
  const { t } = useTranslation('mining');
  const label = useLabel(labels);
  const effects = useMemo(() => study.effects ?? [], [study]);
  const option = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      grid: { left: 8, right: 16, top: 8, bottom: 30, containLabel: true },
      tooltip: { show: false },
      xAxis: {
        type: 'value' as const,
        name: t('finding.prediction.effect'),
        nameLocation: 'middle' as const,
        nameGap: 24,
      },
      yAxis: {
        type: 'value' as const,
        inverse: true,
        min: -1,
        max: effects.length,
        interval: 1,
        splitLine: { show: false },
        axisLabel: { formatter: (v: number) => label(effects[v]?.column ?? '') },
      },
      series: effects.map((e, row) => ({
        type: 'scatter' as const,
        symbolSize: 5,
        data: e.effect.map((x, i) => ({
          value: [x, row + jitter(i)],
          itemStyle: { color: tint(theme, e.place?.[i]), opacity: 0.75 },
        })),
      })),
    }),
    [effects, label, t],
  );
  if (effects.length === 0) return null;
  return <Chart option={option} height={300} label={t('finding.prediction.shap')} />;
}

/** Spreads dots of one row up and down, the same at every drawing. */
const jitter = (i: number) => (((i * 7919) % 101) / 101 - 0.5) * 0.6;

function tint(theme: ChartTheme, place: number | undefined): string {
  if (place === undefined || place < 0) return theme.textDim;
  if (place < 0.34) return theme.series[5] ?? theme.text;
  return place < 0.67 ? (theme.series[4] ?? theme.text) : theme.bad;
}

function Curve({ of }: { of: Dependence }) {
  const { percent, number } = useFormat();
  const level = useLevelName();
  const option = useMemo(
    () => () => ({
      legend: { show: false },
      grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => percent(Number(v), 1) },
      xAxis: of.levels
        ? {
            type: 'category' as const,
            data: of.levels.map((l) => level(of.column, l)),
            axisLabel: { interval: 0, hideOverlap: true },
          }
        : {
            type: 'value' as const,
            scale: true,
            axisLabel: { formatter: (v: number) => number(v), hideOverlap: true },
          },
      yAxis: { type: 'value' as const, scale: true, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      series: [
        of.levels
          ? { type: 'bar' as const, barMaxWidth: 28, data: of.score }
          : { type: 'line' as const, symbolSize: 5, data: of.score.map((s, i) => [of.at?.[i] ?? 0, s]) },
      ],
    }),
    [of, percent, number, level],
  );
  return <Chart option={option} height={170} label={of.column} />;
}
