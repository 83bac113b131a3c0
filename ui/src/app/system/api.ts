// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api';

/** One piece of background work. */
export interface Job {
  id: number;
  kind: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'dead';
  done: number;
  total: number;
  note?: string;
  attempt?: number;
  error?: string;
  person?: string;
  created_at: string;
  started_at?: string;
  finished_at?: string;
  run_at?: string;
}

export const runningJobsQuery = queryOptions({
  queryKey: ['jobs', 'running'],
  queryFn: ({ signal }) => api.get<Page<Job>>('/api/jobs', { query: { state: 'running', limit: 20 }, signal }),
  refetchInterval: 30_000,
});
