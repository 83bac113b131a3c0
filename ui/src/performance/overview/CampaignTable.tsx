// SPDX-License-Identifier: Apache-2.0
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Ago, useFormat } from '@/shared/format';
import { Panel, SimpleTable, type SimpleColumn } from '@/shared/page';
import { points } from '../interval';
import { VerdictBadge } from '../VerdictBadge';
import { isCompared } from '../api';
import type { Row } from './rows';
import styles from './Overview.module.css';

/** Each campaign with what it really brought. */
export function CampaignTable({ rows }: { rows: Row[] }) {
  const { t } = useTranslation('performance');
  const { number, percent, moneyCompact } = useFormat();
  const navigate = useNavigate();
  const columns: SimpleColumn<Row>[] = [
    {
      id: 'name',
      header: t('overview.name'),
      cell: (row) => (
        <span className={styles.name}>
          <strong>{row.campaign.name}</strong>
          <small>{row.campaign.started_at && <Ago at={row.campaign.started_at} />}</small>
        </span>
      ),
    },
    { id: 'verdict', header: t('overview.verdict'), cell: (row) => <VerdictBadge verdict={row.result.verdict} /> },
    { id: 'sent', header: t('funnel.sent'), align: 'end', cell: (row) => number(row.result.sent) },
    {
      id: 'difference',
      header: t('overview.difference'),
      align: 'end',
      cell: (row) => (isCompared(row.result) ? t('points', { value: points(row.result.conversion.difference) }) : '–'),
    },
    {
      id: 'revenue',
      header: t('money.revenue'),
      align: 'end',
      cell: (row) =>
        isCompared(row.result)
          ? moneyCompact(Math.round(row.result.incremental_revenue.value), row.result.currency)
          : '–',
    },
    {
      id: 'cost',
      header: t('cost.title'),
      align: 'end',
      cell: (row) => moneyCompact(row.result.cost.total, row.result.currency),
    },
    {
      id: 'roi',
      header: 'ROI',
      align: 'end',
      cell: (row) => (row.result.roi && isCompared(row.result) ? percent(row.result.roi.value, 0) : '–'),
    },
  ];
  return (
    <Panel title={t('overview.all')} flush>
      <SimpleTable
        stack
        label={t('overview.all')}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.campaign.id}
        onOpen={(row) => void navigate({ to: '/campaigns/$id/result', params: { id: String(row.campaign.id) } })}
      />
    </Panel>
  );
}
