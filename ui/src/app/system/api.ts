// SPDX-License-Identifier: Apache-2.0
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../api';
import type { Schema } from '../apiTypes';

export type Job = Schema<'AppJob'>;
export type JournalEntry = Schema<'AppEntry'>;
export type Access = Schema<'AppAccess'>;
export type SystemStatus = Schema<'AppStatus'>;

const PAGE = 100;

export const runningJobsQuery = queryOptions({
  queryKey: ['jobs', 'running'],
  queryFn: ({ signal }) => api.get('/api/jobs', { query: { state: 'running', limit: 20 }, background: true, signal }),
  refetchInterval: 30_000,
});

export const jobsQuery = (state: Job['state'] | undefined) =>
  infiniteQueryOptions({
    queryKey: ['jobs', 'list', state],
    queryFn: ({ signal, pageParam }) =>
      api.get('/api/jobs', { query: { state, cursor: pageParam || undefined, limit: PAGE }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

/** What narrows the journal and the access log. */
export interface LogFilter {
  from?: string;
  to?: string;
  personId?: number;
  capability?: string;
  subjectId?: number;
}

export const journalQuery = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ['journal', filter],
    queryFn: ({ signal, pageParam }) =>
      api.get('/api/journal', {
        query: {
          from: filter.from,
          to: filter.to,
          person_id: filter.personId,
          capability: filter.capability,
          cursor: pageParam || undefined,
          limit: PAGE,
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const accessQuery = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ['access-log', filter],
    queryFn: ({ signal, pageParam }) =>
      api.get('/api/access-log', {
        query: {
          from: filter.from,
          to: filter.to,
          person_id: filter.personId,
          ...(filter.subjectId ? { subject_kind: 'customer', subject_id: filter.subjectId } : {}),
          cursor: pageParam || undefined,
          limit: PAGE,
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => api.get('/api/system', { background: true, signal }),
  refetchInterval: 15_000,
});

/** The name of a kind of work, with dots of its id turned into key parts. */
export const kindKey = (kind: string): string => kind.replaceAll('.', '_');
