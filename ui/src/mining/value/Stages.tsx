// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import classes from '../Rfm.module.css';
import own from '../run/Run.module.css';
import type { ValueResult } from './api';
import { Flow } from './Flow';
import { useSegment } from './useSegment';

/** Where customers stand in the life cycle, what each stage is worth, and who moved. */
export function Stages({ result }: { result: ValueResult }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact, percent, date } = useFormat();
  const label = useLabel();
  const segment = useSegment();
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
            { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (row) => number(row.customers) },
            {
              id: 'r',
              header: t('value.revenueYear'),
              align: 'end',
              cell: (row) => moneyCompact(Math.round(row.revenue_year), result.currency),
            },
            {
              id: 'v',
              header: t('value.total'),
              align: 'end',
              cell: (row) => moneyCompact(Math.round(row.value), result.currency),
            },
            {
              id: 'a',
              header: t('rfm.values.average'),
              align: 'end',
              cell: (row) => moneyCompact(Math.round(row.average_value), result.currency),
            },
            { id: 'k', header: t('value.stayed'), align: 'end', cell: (row) => percent(row.kept) },
            {
              id: 'go',
              header: '',
              align: 'end',
              cell: (row) => (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => segment(label(row.label), { field: 'value_stage', is: 'in', value: [row.stage] })}
                >
                  {t('rfm.segment')}
                </Button>
              ),
            },
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
