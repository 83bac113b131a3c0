// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { ErrorState, ListFoot, Loading, SimpleTable, useList, type SimpleColumn } from '@/shared/page';
import { useFormat } from '@/shared/format';
import type { BatchRow, Outcome } from '../api';
import { fieldLabel } from '../file/targets';
import { Why } from './Why';
import classes from './Batch.module.css';

interface RowsTableProps {
  batchId: number;
  outcome: Exclude<Outcome, 'rejected'>;
}

const first = [
  'full_name',
  'order_key',
  'product_name',
  'campaign_name',
  'coupon_key',
  'key',
  'mobile',
  'email',
  'amount',
];
const inner = new Set(['birth_calendar', 'sido', 'sigungu', 'kind']);

/** The values worth reading, those that tell rows apart first. */
function shown(values: Record<string, string>): [string, string][] {
  const place = (field: string) => (first.includes(field) ? first.indexOf(field) : first.length);
  return Object.entries(values)
    .filter(([field, value]) => value !== '' && !inner.has(field))
    .sort(([a], [b]) => place(a) - place(b))
    .map(([field, value]) => [field, field.startsWith('attr.') ? value.replace(/^"|"$/g, '') : value]);
}

/** Rows of one outcome: what they hold and what was noticed. */
export function RowsTable({ batchId, outcome }: RowsTableProps) {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const list = useList<BatchRow>({
    queryKey: ['batches', batchId, 'rows', outcome],
    path: '/api/batches/{id}/rows',
    options: { path: { id: batchId }, query: { outcome } },
  });
  const columns: SimpleColumn<BatchRow>[] = [
    { id: 'row', header: t('rows.row'), width: 76, align: 'end', cell: (row) => number(row.row) },
    {
      id: 'values',
      header: t('rows.values'),
      cell: (row) => (
        <div className={`${classes.cells} ellipsis`}>
          {shown(row.values).map(([field, value], i) => (
            <span key={field} title={fieldLabel(field)}>
              {i > 0 && ' · '}
              {i === 0 ? <b>{value}</b> : value}
            </span>
          ))}
        </div>
      ),
    },
    {
      id: 'findings',
      header: t('outcome.findings'),
      cell: (row) => <Why findings={row.findings ?? []} />,
    },
  ];
  if (list.isPending) return <Loading />;
  if (list.fault) return <ErrorState fault={list.fault} onRetry={list.retry} />;
  if (list.items.length === 0) return <p style={{ padding: 24, margin: 0, textAlign: 'center' }}>{t('rows.none')}</p>;
  return (
    <>
      <SimpleTable
        stack
        label={t(`outcome.${outcome}`)}
        rows={list.items}
        columns={columns}
        rowKey={(row) => row.row}
      />
      <ListFoot list={list} />
    </>
  );
}
