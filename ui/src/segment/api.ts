// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { GroupRule, Rule } from '@/shared/filter';

/** The time and journal number that an answer includes. */
export interface AsOf {
  at: string;
  seq: number;
}

/** A saved question about customers and what they did. */
export interface Segment {
  id: number;
  name: string;
  description?: string;
  rules: Rule;
  version: number;
  count?: number;
  counted_at?: string;
  updated_at: string;
  problem?: string;
}

/** What a rule tree finds now. */
export interface Preview {
  count: number;
  total: number;
  as_of: AsOf;
  ms: number;
  sample: PreviewRow[];
}

/** A customer found, masked as the person may see it. */
export interface PreviewRow {
  id: number;
  name: string;
  detail: string;
}

/** What is sent to make or change a segment. */
export interface SegmentDraft {
  name: string;
  description?: string;
  rules: GroupRule;
  version?: number;
}

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: ({ signal }) => api.get<Page<Segment>>('/api/segments', { signal }),
});

/** One segment. */
export const segmentQuery = (id: number) =>
  queryOptions({
    queryKey: ['segment', id],
    queryFn: ({ signal }) => api.get<Segment>('/api/segments/{id}', { path: { id }, signal }),
    enabled: id > 0,
  });

/** Counts what rules find; the last answer stays on the screen while the next one is on its way. */
export const previewQuery = (rules: GroupRule | undefined) =>
  queryOptions({
    queryKey: ['segment-preview', rules ?? null],
    queryFn: ({ signal }) =>
      api.post<Preview>('/api/segments/preview', { body: { rules: rules ?? { op: 'and', rules: [] } }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

export const saveSegment = (id: number, draft: SegmentDraft) =>
  id > 0
    ? api.patch<Segment>('/api/segments/{id}', { path: { id }, body: draft })
    : api.post<Segment>('/api/segments', {
        body: { name: draft.name, description: draft.description, rules: draft.rules },
      });

export const deleteSegment = (id: number) => api.delete<void>('/api/segments/{id}', { path: { id } });
