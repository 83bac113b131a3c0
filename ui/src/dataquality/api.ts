// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';

export type Scores = Schema<'StewardScores'>;
export type ScoreGroup = Schema<'StewardGroup'>;
export type Issue = Schema<'StewardShownIssue'>;
export type IssueValue = Schema<'StewardShownValue'>;
export type Contribution = Schema<'StewardContribution'>;
export type Outcome = 'mended' | 'right' | 'later';

/** What chooses issues, also in the address of a page. */
export interface IssueAsk {
  kind?: string;
  field?: string;
  source_id?: number;
  department?: string;
  code?: string;
}

export const qualityKey = ['quality'] as const;

/** How often the page asks while the base is being judged, in ms. */
const WHILE_SCANNING = 1500;

export const scoresQuery = queryOptions({
  queryKey: [...qualityKey, 'scores'],
  queryFn: ({ signal, client }) =>
    api.get('/api/quality', { signal, background: client.getQueryData([...qualityKey, 'scores']) !== undefined }),
  refetchInterval: ({ state }) => (state.data?.scanning ? WHILE_SCANNING : false),
});

export const worklistsQuery = queryOptions({
  queryKey: [...qualityKey, 'worklists'],
  queryFn: ({ signal, client }) =>
    api.get('/api/worklists', {
      signal,
      background: client.getQueryData([...qualityKey, 'worklists']) !== undefined,
    }),
});

export const judgeQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', 'one', id, 'quality'],
    queryFn: ({ signal }) => api.get('/api/customers/{id}/quality', { path: { id }, signal }),
  });

export const nextIssue = (ask: IssueAsk, after?: number) =>
  api.post('/api/worklists/next', { body: { ...ask, kind: ask.kind ?? '', after } });
export const closeIssue = (id: number, outcome: Outcome) =>
  api.post('/api/issues/{id}/close', { path: { id }, body: { outcome } });
export const reopenIssue = (id: number) => api.post('/api/issues/{id}/reopen', { path: { id } });

/** Reads the choice of issues out of an address. */
export function readAsk(search: Record<string, unknown>): IssueAsk {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  return {
    kind: text(search.kind),
    field: text(search.field),
    source_id: typeof search.source_id === 'number' ? search.source_id : undefined,
    department: text(search.department),
    code: text(search.code),
  };
}
