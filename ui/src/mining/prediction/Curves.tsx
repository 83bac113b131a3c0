// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { minorDigits } from '@/shared/format/formatters';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import classes from '../Finding.module.css';
import notes from './Prediction.module.css';
import type { Evaluation, Prediction } from './api';

/** Gains, lift, calibration, and profit with its best cut. */
export function Curves({ result }: { result: Prediction }) {
  const { t } = useTranslation('mining');
  const { percent, number } = useFormat();
  const { test } = result.study;
  const share = useMemo(
    () => ({ type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } }),
    [percent],
  );
  const gains = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => percent(Number(v)) },
      xAxis: share,
      yAxis: share,
      series: [
        {
          type: 'line' as const,
          name: t('finding.prediction.found'),
          showSymbol: false,
          areaStyle: { opacity: 0.12 },
          data: [[0, 0], ...test.gains.map((g) => [g.share, g.captured])],
        },
        diagonal(theme, t('finding.random')),
      ],
    }),
    [test, percent, share, t],
  );
  const lift = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => `${number(Number(v), 2)}×` },
      xAxis: { type: 'category' as const, data: test.gains.map((g) => percent(g.share, 0)) },
      yAxis: { type: 'value' as const, min: 0, axisLabel: { formatter: (v: number) => `${v}×` } },
      series: [
        {
          type: 'bar' as const,
          name: t('finding.lift'),
          data: test.gains.map((g) => g.lift),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: theme.textDim, type: 'dashed' as const },
            data: [{ yAxis: 1 }],
          },
        },
      ],
    }),
    [test, percent, number, t],
  );
  return (
    <div className={classes.split}>
      <Panel title={t('finding.prediction.gains')}>
        <Chart option={gains} height={260} label={t('finding.prediction.gains')} />
      </Panel>
      <Panel title={t('finding.prediction.liftChart')}>
        <Chart option={lift} height={260} label={t('finding.prediction.liftChart')} />
      </Panel>
      <Panel title={t('finding.prediction.calibration')}>
        <Calibration test={test} />
      </Panel>
      <Panel title={t('finding.prediction.profit')}>
        <Profit result={result} />
      </Panel>
    </div>
  );
}

function diagonal(theme: ChartTheme, name: string) {
  return {
    type: 'line' as const,
    name,
    showSymbol: false,
    lineStyle: { type: 'dashed' as const, color: theme.textDim, width: 1 },
    data: [
      [0, 0],
      [1, 1],
    ],
  };
}

function Calibration({ test }: { test: Evaluation }) {
  const { t } = useTranslation('mining');
  const { percent, number } = useFormat();
  const isGood = Math.abs(test.calibration_slope - 1) <= 0.2;
  const option = useMemo(
    () => (theme: ChartTheme) => {
      const most = Math.min(1, 1.05 * Math.max(...test.calibration.flatMap((c) => [c.predicted, c.high])));
      const axis = {
        type: 'value' as const,
        min: 0,
        max: most,
        axisLabel: { formatter: (v: number) => percent(v, 0) },
      };
      return {
        legend: { show: false },
        grid: { left: 30, right: 16, top: 12, bottom: 30, containLabel: true },
        tooltip: {
          trigger: 'item' as const,
          formatter: (p: { value: [number, number] }) =>
            t('finding.prediction.calibrated', { predicted: percent(p.value[0], 1), seen: percent(p.value[1], 1) }),
        },
        xAxis: { ...axis, name: t('finding.prediction.predicted'), nameLocation: 'middle' as const, nameGap: 24 },
        yAxis: { ...axis, name: t('finding.prediction.seen'), nameLocation: 'middle' as const, nameGap: 40 },
        series: [
          {
            ...diagonal(theme, t('finding.prediction.perfect')),
            data: [
              [0, 0],
              [most, most],
            ],
            silent: true,
          },
          ...test.calibration.map((c) => ({
            type: 'line' as const,
            silent: true,
            showSymbol: false,
            lineStyle: { color: theme.series[0], width: 1.5, opacity: 0.5 },
            data: [
              [c.predicted, c.low],
              [c.predicted, c.high],
            ],
          })),
          {
            type: 'scatter' as const,
            symbolSize: 9,
            itemStyle: { color: theme.series[0] },
            data: test.calibration.map((c) => [c.predicted, c.seen]),
          },
        ],
      };
    },
    [test, percent, t],
  );
  return (
    <>
      <p className={notes.note}>
        {t(isGood ? 'finding.prediction.calibrationGood' : 'finding.prediction.calibrationOff', {
          slope: number(test.calibration_slope, 2),
          brier: number(test.brier, 4),
        })}
      </p>
      <Chart option={option} height={230} label={t('finding.prediction.calibration')} />
    </>
  );
}

function Profit({ result }: { result: Prediction }) {
  const { t } = useTranslation('mining');
  const { percent, number, money } = useFormat();
  const { profit, best_cut: best } = result.study;
  const unit = 10 ** minorDigits(result.currency);
  const option = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      tooltip: {
        trigger: 'axis' as const,
        valueFormatter: (v: unknown) => money(Math.round(Number(v) * unit), result.currency),
      },
      xAxis: { type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      yAxis: { type: 'value' as const },
      series: [
        {
          type: 'line' as const,
          name: t('finding.prediction.profit'),
          showSymbol: false,
          data: (profit ?? []).map((p) => [p.share, p.profit]),
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: theme.good },
            label: { formatter: percent(best?.share ?? 0, 0), color: theme.text },
            data: [{ xAxis: best?.share ?? 0 }],
          },
        },
      ],
    }),
    [profit, best, percent, money, unit, result.currency, t],
  );
  if (!profit || !best) return <p className={notes.note}>{t('finding.prediction.noProfit')}</p>;
  return (
    <>
      <p className={notes.note}>
        {best.count === 0
          ? t('finding.prediction.nobodyPays')
          : t('finding.prediction.bestCut', {
              share: percent(best.share, 0),
              score: percent(best.score, 1),
              n: number(best.count),
              profit: money(Math.round(best.profit * unit), result.currency),
            })}
      </p>
      <Chart option={option} height={230} label={t('finding.prediction.profit')} />
    </>
  );
}
