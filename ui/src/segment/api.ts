// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Label } from '@/app/label';
import type { Aim, GroupRule, Rule } from '@/shared/filter';

const everybody: GroupRule = { op: 'and', rules: [] };

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
  origin: string;
  problem?: string;
  state?: SegmentState;
}

/** Which engine answered, and why that one. */
export interface Explain {
  engine: 'image' | 'duckdb';
  why: string;
}

/** How and when the members of a segment were last found out. */
export interface SegmentState {
  state: 'fresh' | 'failed';
  as_of: AsOf;
  started_at: string;
  took_us: number;
  scope: 'everybody' | 'touched';
  asked: number;
  explain: Explain;
  flips_on?: string;
  problem?: string;
}

/** What a rule tree finds now. */
export interface Preview {
  count: number;
  total: number;
  as_of: AsOf;
  ms: number;
  sample: PreviewRow[];
  revenue?: { amount: number; currency: string; days: number };
  explain: Explain;
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
      api.post<Preview>('/api/segments/preview', { body: { rules: rules ?? everybody }, signal }),
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

/** Why members came or went. */
export type Cause = 'first' | 'rules' | 'day' | 'data';

/** A customer who came or went. */
export interface Move {
  at: string;
  customer_id: number;
  is_in: boolean;
  cause: Cause;
}

/** How large a segment was, and who came and went lately. */
export interface SegmentHistory {
  sizes: { at: string; members: number; entered: number; left: number; cause: Cause }[];
  moves: Move[];
}

export const historyQuery = (id: number) =>
  queryOptions({
    queryKey: ['segment', id, 'history'],
    queryFn: ({ signal }) => api.get<SegmentHistory>('/api/segments/{id}/history', { path: { id }, signal }),
  });

/** What one rule came to for a customer. */
export interface WhyRule {
  path: string;
  holds: boolean;
  kind?: Aim;
  number?: number;
  at?: string;
}

/** Why a customer is in a segment or not. */
export interface Why {
  is_in: boolean;
  rules: WhyRule[];
  moves: Move[];
}

export const whyQuery = (id: number, customer: number) =>
  queryOptions({
    queryKey: ['segment', id, 'why', customer],
    queryFn: ({ signal }) =>
      api.get<Why>('/api/segments/{id}/customers/{customer_id}/why', { path: { id, customer_id: customer }, signal }),
    enabled: customer > 0,
    retry: false,
  });

/** A page of members. */
export interface Members {
  items: PreviewRow[];
  next_cursor: string;
  total: number;
  as_of: AsOf;
}

export const membersPage = (id: number, cursor: string, signal?: AbortSignal) =>
  api.get<Members>('/api/segments/{id}/members', { path: { id }, query: { cursor, limit: 50 }, signal });

/** A value that the customers have more or less often than others. */
export interface Trait {
  field: string;
  label: Label;
  value?: string | number | boolean;
  value_label?: Label;
  from?: number;
  to?: number;
  customers: number;
  share: number;
  others: number;
  lift: number;
  z: number;
  q: number;
  rule: Rule;
}

/** How customers differ from the other ones. */
export interface Profile {
  count: number;
  total: number;
  tests: number;
  left_out: number;
  traits: Trait[];
  as_of: AsOf;
  explain: Explain;
}

export const profileQuery = (rules: GroupRule | undefined) =>
  queryOptions({
    queryKey: ['segment-profile', rules ?? null],
    queryFn: ({ signal }) =>
      api.post<Profile>('/api/segments/profile', { body: { rules: rules ?? everybody }, signal }),
    staleTime: 60_000,
  });

/** How customers of rules and of other segments lie over one another. */
export interface Overlap {
  sizes: number[];
  regions: { sets: number[]; count: number }[];
  outside: number;
  as_of: AsOf;
}

export const overlapQuery = (rules: GroupRule | undefined, segments: number[]) =>
  queryOptions({
    queryKey: ['segment-overlap', rules ?? null, segments],
    queryFn: ({ signal }) =>
      api.post<Overlap>('/api/segments/overlap', { body: { rules: rules ?? everybody, segments }, signal }),
    enabled: segments.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

export const freezeSegment = (id: number, name: string) =>
  api.post<Segment>('/api/segments/{id}/freeze', { path: { id }, body: { name } });

/** What came of a list of keys. */
export interface Imported {
  segment?: Segment;
  given: number;
  found: number;
  customers: number;
  several: number;
  unmatched: string[];
  unmatched_count: number;
}

/** A list of keys to be found; a trial saves nothing. */
export interface KeyList {
  name: string;
  by: string;
  keys: string[];
  trial?: boolean;
}

export const importKeys = (list: KeyList) => api.post<Imported>('/api/segments/import', { body: list });

/** The kinds of customer numbers that there are. */
export const schemesQuery = queryOptions({
  queryKey: ['key-schemes'],
  queryFn: ({ signal }) => api.get<Page<{ name: string; label: string; kind: string }>>('/api/key-schemes', { signal }),
  staleTime: 60_000,
});
