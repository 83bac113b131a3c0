// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Label } from '@/app/label';
import type { GroupRule, Operator } from '@/shared/filter';

/** A known value of a dimension. */
export interface KnownValue {
  value: string;
  label: Label;
}

/** Something to group and filter by. */
export interface Dimension {
  name: string;
  cube: string;
  label: Label;
  kind: string;
  unit?: string;
  parent?: string;
  values?: KnownValue[];
  operators: Operator[];
  filter_only: boolean;
}

/** One number with one definition. */
export interface Measure {
  name: string;
  cube: string;
  label: Label;
  about: Label;
  kind: string;
  /** The cubes whose dimensions it can be laid out by. */
  cubes: string[];
  has_people: boolean;
}

/** Everything that can be asked. */
export interface CubeMeta {
  measures: Measure[];
  dimensions: Dimension[];
}

/** Two dates, both inside, or the last so many units including today. */
export interface Period {
  from?: string;
  to?: string;
  last?: number;
  unit?: 'day' | 'month' | 'quarter' | 'year';
}

/** Compares with the period before or the same period a year before. */
export type Compare = 'previous_period' | 'previous_year';

/** What a pivot asks; the one form for screens, exports and saved pivots. */
export interface CubeQuery {
  measures: string[];
  dimensions?: string[];
  columns?: string[];
  filters?: GroupRule;
  period?: Period;
  order?: { by: string; desc?: boolean }[];
  limit?: number;
  compare?: Compare;
  totals?: ('rows' | 'columns' | 'grand')[];
}

/** A value in an answer. */
export type CellValue = string | number | boolean | null;

/** One position of the rows of an answer. */
export interface ResultColumn {
  name: string;
  role: 'row' | 'column' | 'measure';
  label: Label;
  kind: string;
  unit?: string;
  values?: KnownValue[];
  currency?: string;
}

/** Something that must be known to read the numbers right. */
export interface Note {
  code: string;
  message: string;
  fields?: Record<string, unknown>;
}

/** The answer to a question. */
export interface CubeResult {
  columns: ResultColumn[];
  rows: CellValue[][];
  totals: { rows?: CellValue[][]; columns?: CellValue[][]; grand?: CellValue[] };
  row_count: number;
  truncated: boolean;
  currency?: string;
  notes?: Note[];
  from?: string;
  to?: string;
  previous_from?: string;
  previous_to?: string;
  as_of: { seq: number; at: string };
  ms: number;
  cached: boolean;
}

/** The people behind a cell: how many, and the rules that find them again. */
export interface People {
  count: number;
  rules: GroupRule;
}

export type Shape = 'table' | 'bar' | 'line' | 'heat' | 'tree';

/** A pivot that somebody saved. */
export interface SavedPivot {
  id: number;
  name: string;
  query: CubeQuery;
  settings?: { shape?: Shape };
  version: number;
}

export const metaQuery = queryOptions({
  queryKey: ['cube-meta'],
  queryFn: ({ signal }) => api.get<CubeMeta>('/api/cube/meta', { signal }),
  staleTime: 60_000,
});

/** Asks the cube; the last answer stays on the screen while the next one is on its way. */
export const cubeQuery = (query: CubeQuery) =>
  queryOptions({
    queryKey: ['cube', query],
    queryFn: ({ signal }) => api.post<CubeResult>('/api/cube/query', { body: query, signal }),
    placeholderData: keepPreviousData,
    enabled: query.measures.length > 0,
    staleTime: 30_000,
  });

/** Who is behind a cell: the values of the dimensions that lead to it. */
export const askPeople = (query: CubeQuery, cell: Record<string, CellValue>, measure: string) =>
  api.post<People>('/api/cube/people', { body: { query, cell, measure } });

export const pivotsQuery = queryOptions({
  queryKey: ['pivots'],
  queryFn: ({ signal }) => api.get<Page<SavedPivot>>('/api/pivots', { signal }),
});

/** What is sent to save a pivot; with an id it replaces that one. */
export type PivotDraft = Pick<SavedPivot, 'name' | 'query' | 'settings'> & { id?: number; version?: number };

export const savePivot = ({ id, version, ...pivot }: PivotDraft) =>
  id
    ? api.patch<SavedPivot>('/api/pivots/{id}', { path: { id }, body: { ...pivot, version } })
    : api.post<SavedPivot>('/api/pivots', { body: pivot });

export const deletePivot = (id: number) => api.delete<void>('/api/pivots/{id}', { path: { id } });
