// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';

/** One computation over all customers, kept with what makes it repeatable. */
export interface Run<Result = unknown> {
  id: number;
  kind: string;
  state: 'running' | 'done' | 'failed';
  settings: Record<string, unknown>;
  seed: number;
  data_seq: number;
  result?: Result;
  problem?: string;
  job_id?: number;
  created_at: string;
  finished_at?: string;
  pinned_at?: string;
  note?: string;
}

/** The same paragraph in both languages. */
export interface Words {
  ko: string;
  en: string;
}

export const runsQuery = (kind: string) =>
  queryOptions({
    queryKey: ['mining-runs', kind],
    queryFn: ({ signal }) =>
      api.get<{ items: Run[] | null }>('/api/mining/runs', { query: { kind }, signal, background: true }),
    refetchInterval: (query) => (query.state.data?.items?.some((run) => run.state === 'running') ? 1500 : false),
  });

export const runQuery = <Result>(id: number | undefined) =>
  queryOptions({
    queryKey: ['mining-run', id],
    queryFn: ({ signal }) => api.get<Run<Result>>('/api/mining/runs/{id}', { path: { id: id ?? 0 }, signal }),
    enabled: id !== undefined,
    staleTime: (query) => (query.state.data?.state === 'running' ? 0 : Infinity),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1500 : false),
  });

/** Begins a run; its progress is that of its job. */
export const startRun = (kind: string, settings: object, seed?: number) =>
  api.post<Run>('/api/mining/runs', { body: { kind, settings, seed } });

/** Stops the job of a run. */
export const cancelRun = (jobID: number) => api.post('/api/jobs/{id}/cancel', { path: { id: jobID } });

export const pinnedQuery = queryOptions({
  queryKey: ['mining-pinned'],
  queryFn: ({ signal }) => api.get<{ items: Run[] | null }>('/api/mining/pinned', { signal }),
});

/** Keeps a result with a comment, or lets it go. */
export const pinRun = (id: number, isPinned: boolean, note: string) =>
  api.put<Run>('/api/mining/runs/{id}/pin', { path: { id }, body: { is_pinned: isPinned, note } });
