// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import classes from '../Rfm.module.css';
import own from '../run/Run.module.css';
import type { ValueResult } from './api';
import { useValueColumns } from './columns';
import { Flow } from '../Flow';

/** Where customers stand in the life cycle, what each stage is worth, and who moved. */
export function Stages({ result }: { result: ValueResult }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact, percent, date } = useFormat();
  const label = useLabel();
  const columns = useValueColumns<ValueResult['stages'][number]>(result.currency);
  const shown = result.stages.filter((row) => row.stage !== 'prospect');
  const risk = shown.find((row) => row.stage === 'at_risk');
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
            columns.toSegment(
              (row) => label(row.label),
              (row) => ({ field: 'value_stage', is: 'in', value: [row.stage] }),
            ),
          ]}
        />
      </Panel>
      <Panel title={t('value.moved', { from: date(result.compared_on), to: date(result.at) })}>
        <Flow
          label={t('value.moved', { from: date(result.compared_on), to: date(result.at) })}
          names={result.stages.map((row) => label(row.label))}
          moves={result.moves}
        />
      </Panel>
    </div>
  );
}
