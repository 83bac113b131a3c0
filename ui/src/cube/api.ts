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
  has_share: boolean;
  has_time: boolean;
  /** It may be added up along time. */
  can_run: boolean;
}

/** Everything that can be asked. */
export interface CubeMeta {
  measures: Measure[];
  dimensions: Dimension[];
  as_of: { seq: number; at: string };
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
  calculate?: Calculation[];
  top?: { n: number; by?: string; others?: boolean };
  subtotals?: boolean;
}

/** A measure made of others by a formula, asked as calc.NAME. */
export interface Calculation {
  name: string;
  label?: string;
  formula: string;
  kind?: 'number' | 'money' | 'percent' | 'integer' | 'quantity';
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
  totals: {
    rows?: CellValue[][];
    columns?: CellValue[][];
    grand?: CellValue[];
    subtotals?: { level: number; rows: CellValue[][]; totals?: CellValue[][] }[];
  };
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
  explain?: { engine: 'image' | 'duckdb'; why: string };
}

/** The key of the row that stands for all members that are not shown. */
export const OTHERS = '__others__';

/** The people behind a cell: how many, and the rules that find them again. */
export interface People {
  count: number;
  rules: GroupRule;
}

export const shapes = [
  'table',
  'bar',
  'stack',
  'line',
  'heat',
  'tree',
  'scatter',
  'funnel',
  'sankey',
  'cohort',
  'pareto',
  'box',
] as const;
export type Shape = (typeof shapes)[number];

/** How the numbers of a table are coloured. */
export type Tint = 'heat' | 'bars' | 'none';

/** What a pivot keeps besides its question. */
export interface PivotSettings {
  shape?: Shape;
  tint?: Tint;
  spark?: boolean;
}

/** A pivot that somebody saved. */
export interface SavedPivot {
  id: number;
  name: string;
  query: CubeQuery;
  settings?: PivotSettings;
  shared?: boolean;
  owner_id?: number;
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
export const askPeople = (query: CubeQuery, cell: Record<string, CellValue>, measure: string, range?: CellRange) =>
  api.post<People>('/api/cube/people', { body: { query, cell, measure, any: range } });

/** A range of cells: one of the rows and one of the columns. */
export type CellRange = Record<string, CellValue>[][];

export const pivotsQuery = queryOptions({
  queryKey: ['pivots'],
  queryFn: ({ signal }) => api.get<Page<SavedPivot>>('/api/pivots', { signal }),
});

/** What is sent to save a pivot; with an id it replaces that one. */
export type PivotDraft = Pick<SavedPivot, 'name' | 'query' | 'settings' | 'shared'> & { id?: number; version?: number };

export const savePivot = ({ id, version, ...pivot }: PivotDraft) =>
  id
    ? api.patch<SavedPivot>('/api/pivots/{id}', { path: { id }, body: { ...pivot, version } })
    : api.post<SavedPivot>('/api/pivots', { body: pivot });

export const deletePivot = (id: number) => api.delete<void>('/api/pivots/{id}', { path: { id } });

/** A day besides the public holidays on which the company does not work. */
export interface ClosedDay {
  on: string;
  name: string;
}

export const closedDaysQuery = queryOptions({
  queryKey: ['closed-days'],
  queryFn: ({ signal }) => api.get<Page<ClosedDay>>('/api/cube/closed-days', { signal }),
});

export const saveClosedDays = (items: ClosedDay[]) =>
  api.put<Page<ClosedDay>>('/api/cube/closed-days', { body: { items } });

/** What the catalogue says of one measure. */
export interface Definition {
  name: string;
  cube: string;
  label: Label;
  about: Label;
  kind: string;
  formula: string;
  owner: string;
  metric?: number;
  version?: number;
  permissions: string[];
  roles: Label[];
  additive: boolean;
}

export const catalogueQuery = queryOptions({
  queryKey: ['cube-catalogue'],
  queryFn: ({ signal }) =>
    api.get<{ items: Definition[]; as_of: { seq: number; at: string } }>('/api/cube/catalogue', { signal }),
});

export interface MetricDraft {
  name: string;
  label: Label;
  about?: string;
  formula: string;
  kind: 'number' | 'money' | 'percent' | 'integer' | 'quantity';
  version?: number;
}

export const saveMetric = ({ id, ...draft }: MetricDraft & { id?: number }) =>
  id
    ? api.patch<Definition>('/api/metrics/{id}', { path: { id }, body: draft })
    : api.post<Definition>('/api/metrics', { body: draft });

export const deleteMetric = (id: number) => api.delete<void>('/api/metrics/{id}', { path: { id } });

export const checkFormula = (formula: string) =>
  api.post<{ measures: string[] }>('/api/cube/formula', { body: { formula } });

/** One member's part in a difference. */
export interface Contribution {
  key: CellValue;
  now: number;
  before: number;
  delta: number;
  share: number;
  surprise: number;
}

export interface Why {
  now: number;
  before: number;
  kind: string;
  currency?: string;
  from: string;
  to: string;
  as_of: { seq: number; at: string };
  parts: { column: ResultColumn; members: Contribution[]; concentration: number }[];
}

export const askWhy = (body: { measure: string; period: Period | undefined; compare: Compare; filters?: GroupRule }) =>
  api.post<Why>('/api/cube/why', { body });

/** Why a figure of whole customers changed, such as the lost ones or the return of campaigns. */
export const askFigureWhy = (body: { figure: string; period: Period; compare: Compare }) =>
  api.post<Why>('/api/boards/figures/why', { body });
