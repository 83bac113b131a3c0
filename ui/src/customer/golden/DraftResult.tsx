// SPDX-License-Identifier: Apache-2.0
import { Button, Progress } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable, Stat, tell } from '@/shared/page';
import { useCustomerFields } from '../fields';
import classes from './Golden.module.css';

type Detail = Schema<'CustomerDraftDetail'>;
type Sample = Schema<'CustomerShownSample'>;

const working = new Set(['simulating', 'applying', 'undoing']);

/** What a change of rules would do: how many customers, which fields from which source to which, samples. */
export function DraftResult({ id }: { id: number }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const result = useQuery({
    queryKey: ['golden-rules', 'draft', id],
    queryFn: ({ signal, client }) =>
      api.get('/api/golden-rules/drafts/{id}', {
        path: { id },
        signal,
        background: client.getQueryData(['golden-rules', 'draft', id]) !== undefined,
      }),
    refetchInterval: (query) => (working.has(query.state.data?.state ?? '') ? 1000 : false),
  });
  const apply = useMutation({
    mutationFn: () => api.post('/api/golden-rules/drafts/{id}/apply', { path: { id } }),
    onSuccess: () => {
      tell(t('golden.applying'));
      return queries.invalidateQueries({ queryKey: ['golden-rules'] });
    },
  });
  return (
    <Query result={result}>
      {(draft) => (
        <Panel
          title={t('golden.result', { id })}
          aside={t(`golden.state.${draft.state}`)}
          actions={
            draft.state === 'simulated' &&
            can('match:admin') && (
              <Button size="compact-sm" loading={apply.isPending} onClick={() => apply.mutate()}>
                {t('golden.apply', { count: draft.result?.changed ?? 0 })}
              </Button>
            )
          }
        >
          {working.has(draft.state) && <Working jobId={draft.job_id ?? 0} />}
          {draft.result && !working.has(draft.state) && <Numbers draft={draft} />}
        </Panel>
      )}
    </Query>
  );
}

function Working({ jobId }: { jobId: number }) {
  const { t } = useTranslation('customer');
  const { data } = useQuery({
    queryKey: ['jobs', jobId],
    queryFn: ({ signal }) => api.get('/api/jobs/{id}', { path: { id: jobId }, signal, background: true }),
    refetchInterval: 1000,
    enabled: jobId > 0,
  });
  const share = data && data.total > 0 ? (data.done / data.total) * 100 : 0;
  return <Progress value={share} aria-label={t('golden.progress')} animated />;
}

function Numbers({ draft }: { draft: Detail }) {
  const { t } = useTranslation('customer');
  const { number } = useFormat();
  const fields = useCustomerFields();
  const sources = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => api.get('/api/sources', { signal }) });
  const label = (name: string) => fields.find((field) => field.name === name)?.label ?? name;
  const source = (id: number) =>
    id === 0 ? t('golden.noValue') : (sources.data?.items.find((one) => one.id === id)?.label ?? `#${id}`);
  return (
    <div className={classes.stack}>
      <div className={classes.stats}>
        <Stat label={t('golden.changedCustomers')} value={number(draft.result?.changed ?? 0)} />
        <Stat
          label={t('golden.lookedAt')}
          value={number(draft.result?.customers ?? 0)}
          note={t('golden.lookedAtNote')}
        />
      </div>
      {(draft.result?.fields.length ?? 0) > 0 && (
        <SimpleTable
          label={t('golden.movements')}
          rows={draft.result?.fields.slice(0, 30) ?? []}
          rowKey={(move) => `${move.field}:${move.from}:${move.to}`}
          stack
          columns={[
            { id: 'field', header: t('golden.field'), cell: (move) => label(move.field) },
            { id: 'from', header: t('golden.from'), cell: (move) => source(move.from) },
            { id: 'to', header: t('golden.to'), cell: (move) => source(move.to) },
            { id: 'count', header: t('golden.count'), align: 'end', cell: (move) => number(move.count) },
          ]}
        />
      )}
      {draft.samples.length > 0 && <h3 style={{ margin: 0, fontSize: 13 }}>{t('golden.samples')}</h3>}
      {draft.samples.length > 0 && (
        <SimpleTable<Sample>
          label={t('golden.samples')}
          rows={draft.samples}
          rowKey={(sample) => sample.id}
          stack
          columns={[
            {
              id: 'who',
              header: t('key.customer'),
              cell: (sample) => (
                <Link to="/customers/$id" params={{ id: String(sample.id) }}>
                  {sample.name || `#${sample.id}`}
                </Link>
              ),
            },
            {
              id: 'what',
              header: t('golden.beforeAfter'),
              cell: (sample) => (
                <ul className={classes.changes}>
                  {sample.changes.map((change) => (
                    <li key={change.field}>
                      <span className="dim">{label(change.field)}</span>
                      <s>{change.before || '–'}</s>
                      <span>{change.after || '–'}</span>
                      <small className="dim">
                        {change.from || '–'} → {change.to || '–'}
                      </small>
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}
