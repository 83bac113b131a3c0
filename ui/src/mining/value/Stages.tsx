// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat, type SimpleColumn } from '@/shared/page';
import classes from '../Rfm.module.css';
import own from '../run/Run.module.css';
import type { ValueResult } from './api';
import { useValueColumns } from './columns';
import { Flow } from '../Flow';
import { Survival } from './Survival';

/** Where customers stand in the life cycle, what each stage is worth, and who moved. */
export function Stages({ result }: { result: ValueResult }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact, percent, date } = useFormat();
  const label = useLabel();
  const columns = useValueColumns<ValueResult['stages'][number]>(result.currency);
  const shown = result.stages;
  const { acquire } = result;
  const risk = shown.find((row) => row.stage === 'at_risk');
  const profits: SimpleColumn<ValueResult['stages'][number]>[] = acquire
    ? [
        columns.sum('p', t('value.stepProfit', { n: result.settings.compare_days }), (row) => row.profit),
        { id: 'y', header: t('value.staysYear'), align: 'end', cell: (row) => percent(row.stays) },
        columns.sum('l', t('value.lifeProfit', { n: result.settings.horizon_weeks }), (row) => row.lifetime),
      ]
    : [];
  return (
    <div className={classes.stack}>
      {risk && (
        <p className={own.words}>
          {t('value.riskWords', {
            n: number(risk.customers),
            value: moneyCompact(Math.round(risk.value), result.currency),
            revenue: moneyCompact(Math.round(risk.revenue_year), result.currency),
          })}
        </p>
      )}
      <Panel title={t('value.views.stages')} flush>
        <SimpleTable
          label={t('value.views.stages')}
          rows={shown}
          rowKey={(row) => row.stage}
          columns={[
            { id: 's', header: t('value.stage'), cell: (row) => label(row.label) },
            columns.customers(),
            columns.sum('r', t('value.revenueYear'), (row) => row.revenue_year),
            columns.sum('v', t('value.total'), (row) => row.value),
            columns.sum('a', t('rfm.values.average'), (row) => row.average_value),
            { id: 'k', header: t('value.stayed'), align: 'end', cell: (row) => percent(row.kept) },
            ...profits,
            columns.toSegment(
              (row) => label(row.label),
              (row) => ({ field: 'value_stage', is: 'in', value: [row.stage] }),
            ),
          ]}
        />
      </Panel>
      {acquire && (
        <div className={classes.stats}>
          <Stat
            label={t('value.prospects')}
            value={number(acquire.prospects)}
            note={t('value.wonNote', { n: number(acquire.won) })}
          />
          <Stat
            label={t('value.newLifetime')}
            value={moneyCompact(Math.round(acquire.lifetime), result.currency)}
            note={t('value.totalNote', { n: result.settings.horizon_weeks })}
          />
          <Stat label={t('value.acquisition')} value={moneyCompact(acquire.cost, result.currency)} />
          <Stat
            label={t('value.acquireProfit')}
            value={moneyCompact(Math.round(acquire.profit), result.currency)}
            tone={acquire.profit >= 0 ? 'good' : 'bad'}
            note={acquire.profit >= 0 ? t('value.acquirePays') : t('value.acquireLoses')}
          />
        </div>
      )}
      {result.survival && <Survival survival={result.survival} />}
      <Panel title={t('value.moved', { from: date(result.compared_on), to: date(result.at) })}>
        <Flow
          label={t('value.moved', { from: date(result.compared_on), to: date(result.at) })}
          names={result.stages.map((row) => label(row.label))}
          moves={result.moves}
          withShares
        />
      </Panel>
    </div>
  );
}
