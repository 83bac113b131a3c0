// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Ago, useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable, type SimpleColumn } from '@/shared/page';
import { overviewQuery, type Row } from '../api';
import { points } from '../interval';
import { VerdictBadge } from '../VerdictBadge';
import { BestWorst } from './BestWorst';
import { IncrementalChart } from './IncrementalChart';
import { Totals } from './Totals';
import styles from './Overview.module.css';

function CampaignTable({ rows, currency }: { rows: Row[]; currency: string }) {
  const { t } = useTranslation('performance');
  const { number, percent, moneyCompact } = useFormat();
  const navigate = useNavigate();
  const columns: SimpleColumn<Row>[] = [
    {
      id: 'name',
      header: t('overview.name'),
      cell: (row) => (
        <span className={styles.name}>
          <strong>{row.name}</strong>
          <small>{row.finished_at && <Ago at={row.finished_at} />}</small>
        </span>
      ),
    },
    { id: 'verdict', header: t('overview.verdict'), cell: (row) => <VerdictBadge verdict={row.verdict} /> },
    { id: 'sent', header: t('funnel.sent'), align: 'end', cell: (row) => number(row.sent) },
    {
      id: 'difference',
      header: t('overview.difference'),
      align: 'end',
      cell: (row) => (row.verdict === 'no_control' ? '–' : t('points', { value: points(row.rate.difference) })),
    },
    {
      id: 'revenue',
      header: t('money.revenue'),
      align: 'end',
      cell: (row) => moneyCompact(Math.round(row.incremental_revenue.value), currency),
    },
    { id: 'cost', header: t('cost.title'), align: 'end', cell: (row) => moneyCompact(row.cost, currency) },
    {
      id: 'roi',
      header: 'ROI',
      align: 'end',
      cell: (row) => (row.roi === undefined ? '–' : percent(row.roi, 0)),
    },
  ];
  return (
    <Panel title={t('overview.all')} flush>
      <SimpleTable
        stack
        label={t('overview.all')}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.campaign_id}
        onOpen={(row) => void navigate({ to: '/campaigns/$id/result', params: { id: String(row.campaign_id) } })}
      />
    </Panel>
  );
}

/** Measure: all campaigns together, the best and the worst, and each with what it really brought. */
export function OverviewPage() {
  const { t } = useTranslation('performance');
  const result = useQuery(overviewQuery);
  return (
    <Page title={t('title')}>
      <Query result={result}>
        {({ items, totals, currency }) =>
          items.length === 0 ? (
            <EmptyState icon={ChartColumn} title={t('overview.none')} text={t('overview.noneText')}>
              <Button renderRoot={(props) => <Link to="/campaigns" {...props} />}>{t('overview.toCampaigns')}</Button>
            </EmptyState>
          ) : (
            <>
              <Totals totals={totals} currency={currency} />
              <div className={styles.split}>
                <IncrementalChart rows={items} currency={currency} />
                <BestWorst rows={items} currency={currency} />
              </div>
              <CampaignTable rows={items} currency={currency} />
            </>
          )
        }
      </Query>
    </Page>
  );
}
