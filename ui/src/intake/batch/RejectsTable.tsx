// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, SimpleTable, useList, type SimpleColumn } from '@/shared/page';
import { CircleCheck } from 'lucide-react';
import type { Reject } from '../api';
import { codeLabel, remedyOf } from './Why';
import classes from './Batch.module.css';

/** The rows that were not taken: row, column, value, rule and remedy. */
export function RejectsTable({ batchId }: { batchId: number }) {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const list = useList<Reject>({
    queryKey: ['batches', batchId, 'rejects'],
    path: '/api/batches/{id}/rejects',
    options: { path: { id: batchId } },
  });
  const columns: SimpleColumn<Reject>[] = [
    { id: 'row', header: t('rows.row'), width: 76, align: 'end', cell: (row) => number(row.row) },
    { id: 'column', header: t('rejects.column'), cell: (row) => row.column || t('rejects.whole') },
    {
      id: 'value',
      header: t('rejects.value'),
      cell: (row) => <div className={`${classes.cells} ellipsis`}>{row.value}</div>,
    },
    {
      id: 'why',
      header: t('rejects.why'),
      cell: (row) => {
        const remedy = remedyOf(row.code, row.remedy);
        return (
          <div className={classes.why}>
            <span title={row.message}>{codeLabel(row.code, row.message)}</span>
            {remedy && <small>{remedy}</small>}
          </div>
        );
      },
    },
    { id: 'rule', header: t('rejects.rule'), cell: (row) => <span className="dim num">{row.rule}</span> },
  ];
  if (list.isPending) return <Loading />;
  if (list.fault) return <ErrorState fault={list.fault} onRetry={list.retry} />;
  if (list.items.length === 0) return <EmptyState icon={CircleCheck} title={t('rejects.none')} />;
  return (
    <>
      <SimpleTable
        stack
        label={t('outcome.rejected')}
        rows={list.items}
        columns={columns}
        rowKey={(row) => `${row.row} ${row.column} ${row.code}`}
      />
      <ListFoot list={list} />
    </>
  );
}
