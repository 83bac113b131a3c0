// SPDX-License-Identifier: Apache-2.0
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { EmptyState, SimpleTable, type SimpleColumn } from '@/shared/page';
import { countsOf, type Batch } from '../api';
import { codeLabel, remedyOf } from './Why';
import classes from './Batch.module.css';

interface FindingCount {
  code: string;
  count: number;
}

/** What was found in the values, by rule, the most frequent first. */
export function FindingsTable({ batch }: { batch: Batch }) {
  const { t } = useTranslation('intake');
  const { number, percent } = useFormat();
  const { rows } = countsOf(batch);
  const counts: FindingCount[] = Object.entries(batch.preview?.finding_counts ?? batch.finding_counts ?? {})
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count);
  if (counts.length === 0) return <EmptyState icon={CircleCheck} title={t('findings.none')} />;
  const columns: SimpleColumn<FindingCount>[] = [
    {
      id: 'what',
      header: t('findings.what'),
      cell: (row) => {
        const remedy = remedyOf(row.code, undefined);
        return (
          <div className={classes.why}>
            <span>{codeLabel(row.code)}</span>
            {remedy && <small>{remedy}</small>}
          </div>
        );
      },
    },
    { id: 'code', header: t('rejects.rule'), cell: (row) => <span className="dim">{row.code}</span> },
    { id: 'count', header: t('findings.count'), align: 'end', cell: (row) => number(row.count) },
    {
      id: 'share',
      header: t('findings.share'),
      align: 'end',
      cell: (row) => (rows > 0 ? percent(row.count / rows) : ''),
    },
  ];
  return <SimpleTable stack label={t('outcome.findings')} rows={counts} columns={columns} rowKey={(row) => row.code} />;
}
