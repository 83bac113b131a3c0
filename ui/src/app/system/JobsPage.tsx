// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Progress } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Activity, RotateCw, Square } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago, useFormat } from '@/shared/format';
import {
  EmptyState,
  ErrorState,
  Loading,
  MoreButton,
  Page,
  Panel,
  SimpleTable,
  Status,
  ViewTabs,
  type Tone,
} from '@/shared/page';
import { api } from '../api';
import { translate } from '../i18n';
import { useLive } from '../live';
import { jobsQuery, kindKey, type Job } from './api';
import { folded } from './folded';

const tones: Record<Job['state'], Tone> = {
  waiting: 'grey',
  running: 'accent',
  done: 'teal',
  failed: 'amber',
  dead: 'red',
  cancelled: 'grey',
};
const tabs = ['all', 'running', 'waiting', 'failed', 'dead', 'done'] as const;

/** The background work: what runs, what waits, what failed and why. */
export function JobsPage() {
  const { t } = useTranslation('app');
  const queries = useQueryClient();
  const [tab, setTab] = useState<(typeof tabs)[number]>('all');
  const result = useInfiniteQuery(jobsQuery(tab === 'all' ? undefined : tab));
  const refresh = () => queries.invalidateQueries({ queryKey: ['jobs'] });
  useLive<Job>('job:*', () => void refresh());
  const change = useMutation({
    mutationFn: ({ id, what }: { id: number; what: 'cancel' | 'retry' }) =>
      what === 'cancel'
        ? api.post('/api/jobs/{id}/cancel', { path: { id } })
        : api.post('/api/jobs/{id}/retry', { path: { id } }),
    onSuccess: refresh,
  });
  const jobs = folded(result.data?.pages.flatMap((page) => page.items) ?? []);
  return (
    <Page
      title={t('jobs.title')}
      bar={
        <ViewTabs
          label={t('jobs.title')}
          tabs={tabs.map((id) => ({ id, label: t(`jobs.tab.${id}`) }))}
          value={tab}
          onChange={(id) => setTab(id as typeof tab)}
        />
      }
    >
      <Panel flush>
        {result.isPending && <Loading />}
        {result.isError && <ErrorState fault={result.error} onRetry={() => void result.refetch()} />}
        {result.isSuccess && jobs.length === 0 && (
          <EmptyState icon={Activity} title={t('jobs.none')} text={t('jobs.noneText')} />
        )}
        {jobs.length > 0 && (
          <SimpleTable
            stack
            label={t('jobs.title')}
            rows={jobs}
            rowKey={(job) => job.id}
            columns={[
              { id: 'id', header: '#', width: 60, cell: (job) => <span className="num dim">{job.id}</span> },
              {
                id: 'kind',
                header: t('jobs.work'),
                cell: (job) => (
                  <span>
                    <strong style={{ fontWeight: 550 }}>
                      {translate(`app:jobs.kind.${kindKey(job.kind)}`, job.kind)}
                    </strong>
                    {job.times > 1 && <span className="dim"> · {t('jobs.times', { count: job.times })}</span>}
                  </span>
                ),
              },
              {
                id: 'state',
                header: t('jobs.state'),
                cell: (job) => <Status tone={tones[job.state]}>{t(`jobs.states.${job.state}`)}</Status>,
              },
              { id: 'progress', header: t('jobs.progress'), width: 190, cell: (job) => <JobProgress job={job} /> },
              {
                id: 'note',
                header: t('jobs.note'),
                cell: (job) => (job.error || job.note ? <span className="dim">{job.error || job.note}</span> : null),
              },
              {
                id: 'person',
                header: t('jobs.person'),
                cell: (job) => job.person || <span className="dim">{t('jobs.product')}</span>,
              },
              {
                id: 'at',
                header: t('jobs.at'),
                cell: (job) => <Ago at={job.finished_at ?? job.started_at ?? job.created_at} />,
              },
              {
                id: 'do',
                header: '',
                align: 'end',
                width: 50,
                cell: (job) => <JobActions job={job} onDo={(what) => change.mutate({ id: job.id, what })} />,
              },
            ]}
          />
        )}
        <MoreButton result={result} />
      </Panel>
    </Page>
  );
}

function JobProgress({ job }: { job: Job }) {
  const { number } = useFormat();
  if (job.state !== 'running') return job.done > 0 ? <span className="num dim">{number(job.done)}</span> : null;
  const share = job.total > 0 ? (100 * job.done) / job.total : 100;
  return (
    <span style={{ display: 'grid', gap: 3 }}>
      <Progress value={share} animated={job.total === 0} aria-label={job.kind} />
      <small className="num dim">
        {job.total > 0 ? `${number(job.done)} / ${number(job.total)}` : number(job.done)}
      </small>
    </span>
  );
}

function JobActions({ job, onDo }: { job: Job; onDo: (what: 'cancel' | 'retry') => void }) {
  const { t } = useTranslation('app');
  if (job.state === 'running' || job.state === 'waiting') {
    return (
      <ActionIcon
        size={26}
        disabled={job.is_cancelled}
        onClick={() => onDo('cancel')}
        aria-label={t('jobs.cancel', { id: job.id })}
        title={t('jobs.cancel', { id: job.id })}
      >
        <Square size={14} />
      </ActionIcon>
    );
  }
  if (job.state === 'dead' || job.state === 'cancelled') {
    return (
      <ActionIcon
        size={26}
        onClick={() => onDo('retry')}
        aria-label={t('jobs.retry', { id: job.id })}
        title={t('jobs.retry', { id: job.id })}
      >
        <RotateCw size={14} />
      </ActionIcon>
    );
  }
  return null;
}
