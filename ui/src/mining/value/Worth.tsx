// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import classes from '../Rfm.module.css';
import own from '../run/Run.module.css';
import { useSegment } from '../useSegment';
import type { ValueResult } from './api';
import { AliveChart, FrequencyChart, HoldoutChart, TrackingChart } from './charts';
import { useValueColumns } from './columns';
import value from './Value.module.css';

/** Value of all customers, how sure the model is, and who to look at. */
export function Worth({ result }: { result: ValueResult }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact, money, percent, date } = useFormat();
  const label = useLabel();
  const columns = useValueColumns<ValueResult['tenths'][number] & { tenth: number }>(result.currency);
  const { totals, family } = result;
  const segment = useSegment();
  const problems = [...(result.model.problems ?? []), ...(result.spend.problems ?? [])];
  return (
    <div className={classes.stack}>
      <p className={own.words}>
        {label(result.words)}{' '}
        {t('value.worthWords', {
          value: moneyCompact(Math.round(totals.value), result.currency),
          share: percent(totals.top_20_share),
        })}
      </p>
      <div className={classes.stats}>
        <Stat
          label={t('value.total')}
          value={moneyCompact(Math.round(totals.value), result.currency)}
          note={t('value.totalNote', { n: result.settings.horizon_weeks })}
        />
        <Stat
          label={t('value.aliveCount')}
          value={number(Math.round(totals.alive))}
          note={t('value.ofCustomers', { n: number(result.customers) })}
        />
        <Stat label={t('value.expected')} value={number(Math.round(totals.expected))} />
        <Stat
          label={t('value.due')}
          value={number(totals.due_soon)}
          note={
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() =>
                segment(t('value.due'), {
                  field: 'value_next_on',
                  is: 'between',
                  value: [result.at, dayjs(result.at).add(30, 'day').format('YYYY-MM-DD')],
                })
              }
            >
              {t('rfm.segment')}
            </Button>
          }
        />
        <Stat label={t('value.through')} value={date(result.data_through)} />
      </div>
      <div className={classes.split}>
        <Panel title={t('value.aliveChart')}>
          <AliveChart result={result} />
        </Panel>
        <Panel title={t('value.frequencyChart')}>
          <FrequencyChart result={result} />
        </Panel>
      </div>
      {result.holdout?.tracking && (
        <Panel
          title={t('value.trackingChart')}
          aside={t('value.holdout', {
            actual: number(Math.round(result.holdout.actual)),
            predicted: number(Math.round(result.holdout.predicted)),
          })}
        >
          <TrackingChart result={result} />
          <p className="dim">
            {t('value.errors', {
              mae: number(result.holdout.mae, 3),
              rmse: number(result.holdout.rmse, 3),
              r: number(result.holdout.correlation, 3),
            })}
          </p>
        </Panel>
      )}
      {result.holdout?.by_frequency && (
        <Panel title={t('value.byFrequency')}>
          <HoldoutChart bars={result.holdout.by_frequency} />
        </Panel>
      )}
      {family && (
        <div className={classes.stats}>
          <Stat
            label={t('value.referral')}
            value={moneyCompact(Math.round(family.referral_value), result.currency)}
            note={t('value.referralNote', {
              n: number(family.introducers),
              whom: number(family.introduced),
              share: percent(family.referral_share, 0),
            })}
          />
          <Stat
            label={t('value.households')}
            value={number(family.households)}
            note={t('value.householdsNote', { n: number(family.members) })}
          />
          <Stat
            label={t('value.householdValue')}
            value={moneyCompact(
              Math.round(family.households > 0 ? family.household_value / family.households : 0),
              result.currency,
            )}
            note={t('value.bestHousehold', { value: moneyCompact(Math.round(family.best_household), result.currency) })}
          />
        </div>
      )}
      <Panel title={t('value.tenths')} flush>
        <SimpleTable
          label={t('value.tenths')}
          rows={result.tenths.map((tenth, i) => ({ ...tenth, tenth: i + 1 }))}
          rowKey={(row) => row.tenth}
          columns={[
            {
              id: 't',
              header: t('value.tenth'),
              cell: (row) => <span className={value.still}>{`${(row.tenth - 1) * 10}–${row.tenth * 10} %`}</span>,
            },
            columns.customers(),
            {
              id: 'l',
              header: t('value.least'),
              align: 'end',
              cell: (row) => money(Math.round(row.least), result.currency),
            },
            columns.sum('v', t('value.sum'), (row) => row.value),
            { id: 's', header: t('rfm.share'), align: 'end', cell: (row) => percent(row.share) },
            columns.toSegment(
              (row) => t('value.tenthName', { n: row.tenth }),
              (row) => ({ field: 'value_tenth', is: 'eq', value: row.tenth }),
            ),
          ]}
        />
      </Panel>
      <Panel
        title={t('value.parameters')}
        aside={t('value.fit', {
          likelihood: number(result.model.log_likelihood, 1),
          aic: number(result.model.aic ?? 0, 1),
          r: number(result.spend.correlation ?? 0, 2),
          method: t(`value.methods.${result.spend.method ?? 'gamma-gamma'}`),
        })}
        flush
      >
        <SimpleTable
          label={t('value.parameters')}
          rows={[
            ...(result.model.parameters ?? []).map((p) => ({ ...p, of: t('value.ofPurchases') })),
            ...(result.spend.parameters ?? []).map((p) => ({ ...p, of: t('value.ofAmounts') })),
          ]}
          rowKey={(row) => row.of + row.name}
          columns={[
            { id: 'of', header: t('value.model'), cell: (row) => row.of },
            { id: 'name', header: '', cell: (row) => row.name },
            { id: 'v', header: t('pareto.measure'), align: 'end', cell: (row) => number(row.value, 4) },
            { id: 'se', header: t('value.error'), align: 'end', cell: (row) => number(row.standard_error ?? 0, 4) },
          ]}
        />
      </Panel>
      {problems.map((problem) => (
        <p key={problem.code} className={own.problem}>
          {label(problem)}
        </p>
      ))}
    </div>
  );
}
