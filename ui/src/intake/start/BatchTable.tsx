// SPDX-License-Identifier: Apache-2.0
import { Progress } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Ago, useFormat } from '@/shared/format';
import { SimpleTable, type SimpleColumn } from '@/shared/page';
import { countsOf, isActive, type Batch } from '../api';
import { BatchStatus } from '../batch/BatchStatus';
import classes from './Start.module.css';

function Counts({ batch }: { batch: Batch }) {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const counts = countsOf(batch);
  if (isActive(batch.state) && batch.total > 0) {
    return (
      <Progress
        value={(100 * counts.rows) / batch.total}
        aria-label={t('batch.progress')}
        style={{ minWidth: 120, width: '100%' }}
      />
    );
  }
  return (
    <span className={classes.counts}>
      {(['created', 'updated', 'linked', 'rejected'] as const).map((outcome) => (
        <span key={outcome} data-zero={counts[outcome] === 0 || undefined}>
          {t(`outcome.${outcome}`)} {number(counts[outcome])}
        </span>
      ))}
    </span>
  );
}

/** Batches in a short table; a click opens one. */
export function BatchTable({ batches }: { batches: Batch[] }) {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const navigate = useNavigate();
  const columns: SimpleColumn<Batch>[] = [
    {
      id: 'file',
      header: t('batch.file'),
      cell: (batch) => (
        <span className={classes.file}>
          <span>{batch.file_name || t(`kind.${batch.kind}`)}</span>
          <small>
            #{batch.id} · {t(`kind.${batch.kind}`)}
          </small>
        </span>
      ),
    },
    { id: 'state', header: t('batch.state'), cell: (batch) => <BatchStatus state={batch.state} /> },
    { id: 'source', header: t('batch.source'), cell: (batch) => batch.source_label ?? batch.source },
    { id: 'rows', header: t('batch.rows'), align: 'end', cell: (batch) => number(batch.total) },
    { id: 'counts', header: t('batch.counts'), align: 'end', cell: (batch) => <Counts batch={batch} /> },
    { id: 'who', header: t('batch.who'), cell: (batch) => <span className="ellipsis">{batch.person ?? ''}</span> },
    {
      id: 'when',
      header: t('batch.when'),
      cell: (batch) => (
        <span style={{ whiteSpace: 'nowrap' }}>
          <Ago at={batch.finished_at ?? batch.started_at ?? batch.created_at} />
        </span>
      ),
    },
  ];
  return (
    <SimpleTable
      stack
      label={t('batch.list')}
      rows={batches}
      columns={columns}
      rowKey={(batch) => batch.id}
      onOpen={(batch) => void navigate({ to: '/import/batches/$id', params: { id: String(batch.id) } })}
    />
  );
}
