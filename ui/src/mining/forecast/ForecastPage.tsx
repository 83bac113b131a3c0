// SPDX-License-Identifier: Apache-2.0
import { Checkbox, NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, type Label } from '@/app/label';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import classes from '../Rfm.module.css';
import { RunFrame, type Words } from '../run';
import own from '../run/Run.module.css';
import value from '../value/Value.module.css';

interface Ahead {
  step: string;
  value: number;
  low_80: number;
  high_80: number;
  low_95: number;
  high_95: number;
}

interface ForecastResult {
  settings: { measure: 'revenue' | 'orders'; step: string; horizon: number };
  currency?: string;
  series: { step: string; value: number }[];
  ahead: Ahead[];
  result: {
    method: string;
    model: string;
    notes?: (Label & { code: string })[];
    backtest?: { origins: number; errors: { mase: number; smape: number }; naive_mase: number; covered: number[] };
  };
  data_through: string;
  words: Words;
}

const methods = ['auto', 'snaive', 'ets', 'theta', 'arima', 'combination'] as const;
const usual = { day: 28, week: 13, month: 6 };

/** What revenue and orders will be, how sure that is, and how well the method did before. */
export function ForecastPage() {
  const { t } = useTranslation('mining');
  const [ask, setAsk] = useState({
    measure: 'revenue',
    step: 'month' as keyof typeof usual,
    horizon: 6,
    method: 'auto',
    holidays: false,
  });
  const set = (change: Partial<typeof ask>) => setAsk({ ...ask, ...change });
  return (
    <RunFrame<ForecastResult>
      kind="forecast"
      title={t('forecast.title')}
      settings={ask}
      promise={t('forecast.promise')}
      bar={
        <>
          <Select
            aria-label={t('pareto.measure')}
            data={(['revenue', 'orders'] as const).map((m) => ({ value: m, label: t(`pareto.measures.${m}`) }))}
            value={ask.measure}
            allowDeselect={false}
            onChange={(measure) => measure && set({ measure })}
            w={120}
          />
          <SegmentedControl
            aria-label={t('forecast.step')}
            value={ask.step}
            onChange={(step) => set({ step: step as keyof typeof usual, horizon: usual[step as keyof typeof usual] })}
            data={(['day', 'week', 'month'] as const).map((s) => ({ value: s, label: t(`forecast.steps.${s}`) }))}
          />
          <NumberInput
            aria-label={t('forecast.horizon')}
            value={ask.horizon}
            onChange={(v) => typeof v === 'number' && v >= 1 && set({ horizon: v })}
            min={1}
            max={400}
            w={90}
          />
          <Select
            aria-label={t('forecast.method')}
            data={methods.map((m) => ({ value: m, label: t(`forecast.methods.${m}`) }))}
            value={ask.method}
            allowDeselect={false}
            onChange={(method) => method && set({ method })}
            w={170}
          />
          <Checkbox
            label={t('forecast.holidays')}
            checked={ask.holidays}
            onChange={(e) => set({ holidays: e.currentTarget.checked })}
          />
        </>
      }
    >
      {(result) => <Body result={result} />}
    </RunFrame>
  );
}

function Body({ result }: { result: ForecastResult }) {
  const { t } = useTranslation('mining');
  const { number, money, moneyCompact, percent, date } = useFormat();
  const label = useLabel();
  const write = (v: number) => (result.currency ? money(Math.round(v), result.currency) : number(Math.round(v)));
  const short = (v: number) => (result.currency ? moneyCompact(Math.round(v), result.currency) : number(Math.round(v)));
  const sum = result.ahead.reduce((all, step) => all + step.value, 0);
  const back = result.result.backtest;
  return (
    <div className={classes.stack}>
      <div className={classes.stats}>
        <Stat
          label={t('forecast.sum', { n: result.ahead.length })}
          value={short(sum)}
          note={t(`pareto.measures.${result.settings.measure}`)}
        />
        {back && (
          <Stat
            label={t('forecast.against')}
            value={percent(back.naive_mase > 0 ? 1 - back.errors.mase / back.naive_mase : 0)}
            note={t('forecast.againstNote', { n: back.origins })}
          />
        )}
        {back && (
          <Stat label={t('forecast.smape')} value={percent(back.errors.smape / 100)} note={t('forecast.smapeNote')} />
        )}
        <Stat label={t('value.through')} value={date(result.data_through)} />
      </div>
      <Panel title={t('forecast.chart')} aside={result.result.model}>
        <ForecastChart result={result} write={short} />
      </Panel>
      <p className={own.words}>
        {t('forecast.words', {
          n: result.ahead.length,
          sum: short(sum),
          last: result.ahead.at(-1)?.step ?? '',
          low: short(result.ahead.at(-1)?.low_95 ?? 0),
          high: short(result.ahead.at(-1)?.high_95 ?? 0),
        })}
        {back && ' '}
        {back && (back.errors.mase < back.naive_mase ? t('forecast.better') : t('forecast.worse'))}
        {(result.result.notes ?? []).map((note) => ` ${label(note)}`)}
      </p>
      <Panel title={t('forecast.table')} flush>
        <SimpleTable
          label={t('forecast.table')}
          rows={result.ahead}
          rowKey={(row) => row.step}
          columns={[
            { id: 's', header: t('forecast.step'), cell: (row) => <span className={value.still}>{row.step}</span> },
            { id: 'v', header: t('forecast.point'), align: 'end', cell: (row) => write(row.value) },
            { id: '80', header: '80 %', align: 'end', cell: (row) => `${short(row.low_80)} – ${short(row.high_80)}` },
            { id: '95', header: '95 %', align: 'end', cell: (row) => `${short(row.low_95)} – ${short(row.high_95)}` },
          ]}
        />
      </Panel>
    </div>
  );
}

function ForecastChart({ result, write }: { result: ForecastResult; write: (v: number) => string }) {
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
