// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import findings from '../Finding.module.css';
import type { ForecastPart, ForecastResult } from './api';
import { useWrite } from './ForecastResultView';

/** What holidays and campaigns add, and whether knowing them helped. */
export function ForecastEffects({ result }: { result: ForecastResult }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const label = useLabel();
  const { write } = useWrite(result);
  const back = result.result.backtest;
  const plain = result.plain_mase;
  return (
    <Panel title={t('forecast.effects')}>
      {back && plain !== undefined && (
        <p className={findings.words}>
          {t(back.errors.mase < plain ? 'forecast.effectsHelp' : 'forecast.effectsNoHelp', {
            withThem: number(back.errors.mase, 2),
            without: number(plain, 2),
          })}
        </p>
      )}
      <div className={findings.figures}>
        <SimpleTable
          label={t('forecast.effects')}
          rows={result.effects ?? []}
          rowKey={(row) => row.en}
          columns={[
            { id: 'n', header: t('forecast.effect'), cell: (row) => label(row) },
            {
              id: 'v',
              header: t('forecast.perDay'),
              align: 'end',
              cell: (row) => (row.per_day > 0 ? '+' : '') + write(row.per_day),
            },
            { id: 'd', header: t('forecast.daysAhead'), align: 'end', cell: (row) => number(row.days_ahead) },
          ]}
        />
      </div>
    </Panel>
  );
}

/** Forecasts of regions and categories that add up to the whole. */
export function ForecastParts({ result }: { result: ForecastResult }) {
  const { t } = useTranslation('mining');
  const { percent } = useFormat();
  const { short } = useWrite(result);
  const by = result.settings.by ?? [];
  const nameOf = (part: ForecastPart) => {
    const names = part.names.map((n) => (n === '…' ? t('forecast.rest') : n)).filter(Boolean);
    return names.length === 0 ? t('forecast.whole') : names.join(' · ');
  };
  const kindOf = (part: ForecastPart) =>
    part.names
      .map((n, d) => (n ? t(`forecast.parts.${by[d]}` as 'forecast.parts.sido') : ''))
      .filter(Boolean)
      .join(' · ') || t('forecast.whole');
  return (
    <Panel title={t('forecast.partsTitle')}>
      <p className={findings.words}>{t(`forecast.reconcile.${result.reconcile || 'ols'}`)}</p>
      <div className={`${findings.tall} ${findings.figures}`}>
        <SimpleTable
          label={t('forecast.partsTitle')}
          rows={result.parts ?? []}
          rowKey={(row) => row.names.join('/')}
          columns={[
            { id: 'k', header: t('forecast.by'), cell: kindOf },
            { id: 'n', header: t('forecast.part'), cell: (row) => <strong>{nameOf(row)}</strong> },
            { id: 'b', header: t('forecast.before'), align: 'end', cell: (row) => short(row.before) },
            { id: 's', header: t('forecast.point'), align: 'end', cell: (row) => short(row.sum) },
            {
              id: 'c',
              header: t('forecast.change'),
              align: 'end',
              cell: (row) =>
                row.before > 0 ? (row.sum > row.before ? '+' : '') + percent(row.sum / row.before - 1) : '–',
            },
            { id: 'o', header: t('forecast.alone'), align: 'end', cell: (row) => short(row.base_sum) },
          ]}
        />
      </div>
    </Panel>
  );
}

/** How many people each step needs. */
export function ForecastStaff({ result }: { result: ForecastResult }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const rows = (result.staff ?? []).filter((row) => row.agents > 0);
  return (
    <Panel title={t('forecast.staffTitle')}>
      <p className={findings.words}>{t('forecast.staffNote')}</p>
      <div className={`${findings.tall} ${findings.figures}`}>
        <SimpleTable
          label={t('forecast.staffTitle')}
          rows={rows}
          rowKey={(row) => row.step}
          columns={[
            { id: 's', header: t('forecast.step'), cell: (row) => row.step },
            { id: 'c', header: t('forecast.contacts'), align: 'end', cell: (row) => number(row.calls, 1) },
            {
              id: 'a',
              header: t('forecast.agents'),
              align: 'end',
              cell: (row) => <strong>{number(row.agents)}</strong>,
            },
            { id: 'l', header: t('forecast.level'), align: 'end', cell: (row) => percent(row.level, 0) },
            { id: 'b', header: t('forecast.agentsBusy'), align: 'end', cell: (row) => number(row.agents_busy) },
          ]}
        />
      </div>
    </Panel>
  );
}
