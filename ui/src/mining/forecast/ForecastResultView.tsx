// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import findings from '../Finding.module.css';
import classes from '../Rfm.module.css';
import own from '../run/Run.module.css';
import { useSeriesName } from '../series';
import value from '../value/Value.module.css';
import type { ForecastResult } from './api';
import { BackChart, ForecastChart } from './ForecastCharts';
import { ForecastEffects, ForecastParts, ForecastStaff } from './ForecastDetails';

/** Writes values of a series: money, or counts with as many digits as they need. */
export function useWrite(result: ForecastResult) {
  const { number, money, moneyCompact } = useFormat();
  const digits = Math.max(...result.ahead.map((a) => Math.abs(a.value)), 0) < 20 ? 1 : 0;
  return {
    write: (v: number) => (result.currency ? money(Math.round(v), result.currency) : number(v, digits)),
    short: (v: number) => (result.currency ? moneyCompact(Math.round(v), result.currency) : number(v, digits)),
  };
}

/** The forecast: picture, words, how it did before, and what follows from it. */
export function ForecastResultView({ result }: { result: ForecastResult }) {
  const { t } = useTranslation('mining');
  const { percent, date, number } = useFormat();
  const name = useSeriesName();
  const { short } = useWrite(result);
  const sum = result.ahead.reduce((all, step) => all + step.value, 0);
  const back = result.result.backtest;
  return (
    <div className={classes.stack}>
      <p className={own.words}>
        <strong>{name(result.settings, result.name)}</strong> · {t(`forecast.steps.${result.settings.step}`)}
      </p>
      <div className={classes.stats}>
        <Stat
          label={t('forecast.sum', { n: result.ahead.length })}
          value={short(sum)}
          note={result.ahead.at(-1)?.step}
        />
        {back && (
          <Stat
            label={t('forecast.against')}
            value={percent(back.naive_mase > 0 ? 1 - back.errors.mase / back.naive_mase : 0)}
            note={t('forecast.againstNote', { n: back.origins })}
          />
        )}
        {back && (
          <Stat label="MASE" value={number(back.errors.mase, 2)} note={`sMAPE ${number(back.errors.smape, 1)} %`} />
        )}
        {back?.held && (
          <Stat
            label={t('forecast.held')}
            value={`${percent(back.held[0] ?? 0, 0)} · ${percent(back.held[1] ?? 0, 0)}`}
            note={t('forecast.heldNote')}
          />
        )}
        <Stat label={t('value.through')} value={date(result.data_through)} />
      </div>
      <Panel title={t('forecast.chart')} aside={result.result.model}>
        <ForecastChart result={result} write={short} />
      </Panel>
      <ForecastWords result={result} sum={sum} />
      {result.stock && (
        <p className={own.words}>
          {t('forecast.stock', { left: number(result.stock.left) })}{' '}
          {result.stock.out ? t('forecast.out', { step: result.stock.out }) : t('forecast.lasts')}{' '}
          {result.stock.early && t('forecast.early', { step: result.stock.early })}
        </p>
      )}
      {back?.paths && (
        <Panel title={t('forecast.back', { n: back.origins })}>
          <BackChart result={result} write={short} />
        </Panel>
      )}
      {result.effects && result.effects.length > 0 && <ForecastEffects result={result} />}
      {result.parts && <ForecastParts result={result} />}
      {result.staff && <ForecastStaff result={result} />}
      <ForecastTable result={result} />
    </div>
  );
}

function ForecastWords({ result, sum }: { result: ForecastResult; sum: number }) {
  const { t } = useTranslation('mining');
  const { percent } = useFormat();
  const label = useLabel();
  const { short } = useWrite(result);
  const last = result.ahead.at(-1);
  const back = result.result.backtest;
  return (
    <p className={own.words}>
      {t('forecast.words', {
        n: result.ahead.length,
        sum: short(sum),
        last: last?.step ?? '',
        low: short(last?.low_95 ?? 0),
        high: short(last?.high_95 ?? 0),
      })}{' '}
      {back && (back.errors.mase < back.naive_mase ? t('forecast.better') : t('forecast.worse'))}{' '}
      {back?.held
        ? t('forecast.heldWords', { low: percent(back.held[0] ?? 0, 0), high: percent(back.held[1] ?? 0, 0) })
        : t('forecast.notHeld')}
      {(result.result.notes ?? []).map((note) => ` ${label(note)}`)}
    </p>
  );
}

function ForecastTable({ result }: { result: ForecastResult }) {
  const { t } = useTranslation('mining');
  const { write, short } = useWrite(result);
  return (
    <Panel title={t('forecast.table')} flush>
      <div className={`${findings.tall} ${findings.figures}`}>
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
      </div>
    </Panel>
  );
}
