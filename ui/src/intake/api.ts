// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

/** What the rows of a file are. */
export const kinds = ['customers', 'transactions', 'products', 'campaigns', 'coupons'] as const;
export type Kind = (typeof kinds)[number];

export type Severity = 'error' | 'warning' | 'info';

/** Something about a file or a mapping that a person should know. */
export interface Notice {
  code: string;
  row?: number;
  column?: string;
  severity: Severity;
  message: string;
  remedy?: string;
}

/** What was found out about a file. */
export interface Shape {
  format: string;
  encoding?: string;
  has_bom?: boolean;
  compression?: string;
  delimiter?: string;
  is_quoted?: boolean;
  sheet?: string;
  sheets?: string[];
  /** The row of the last header row, counted from 1; 0 when there is none. */
  header_row: number;
  header_rows: number;
  columns: { index: number; header: string; samples: string[] }[];
  rows_about: number;
  notices?: Notice[];
}

/** A custom attribute that a column fills. */
export interface AttributeTarget {
  slug: string;
  label: string;
  type: string;
  choices?: string[];
}

/** What one column of a file means. */
export interface MappedColumn {
  header: string;
  index: number;
  field: string;
  scheme?: string;
  attribute?: AttributeTarget;
  format?: string;
  currency?: string;
  not_scanned?: boolean;
  confidence: number;
  reason: string;
  samples?: string[];
}

/** What a file is and what its columns mean. */
export interface Mapping {
  kind: Kind;
  kind_confidence: number;
  kind_reason?: string;
  columns: MappedColumn[];
  key_columns: number[];
  header_signature: string;
  notices?: Notice[];
}

/** A file that was sent, with what the server makes of it. */
export interface FileView {
  id: number;
  name: string;
  size: number;
  shape: Shape;
  mapping: Mapping;
  /** The first rows as they stand in the file, the header included. */
  rows: string[][];
  /** The same rows as they would be taken in. */
  taken?: BatchRow[];
  is_remembered?: boolean;
  /** When a person corrected this mapping before, for this source. */
  remembered_at?: string;
}

/** How a file is read where the server's own findings are overruled. */
export interface Reading {
  format?: string;
  encoding?: string;
  delimiter?: string;
  header_row?: number;
  sheet?: string;
  password?: string;
}

export type BatchState =
  'prepared' | 'trying' | 'tried' | 'running' | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone';

/** What became of a row. */
export const outcomes = ['created', 'updated', 'linked', 'unchanged', 'rejected'] as const;
export type Outcome = (typeof outcomes)[number];

/** What became of the rows of a batch. */
export type Counts = Record<Outcome | 'rows' | 'findings', number>;

/** What a dry run found. */
export interface Preview {
  counts: Counts;
  finding_counts: Record<string, number>;
  /** Only some of the rows were tried; the counts are projected from them. */
  is_sampled: boolean;
  sample_rows: number;
  seconds: number;
}

/** One import of one file. */
export interface Batch {
  id: number;
  source_id: number;
  source: string;
  source_label?: string;
  kind: Kind;
  state: BatchState;
  file_id: number;
  file_name: string;
  mapping?: Mapping;
  options?: Reading;
  total: number;
  /** How many rows the work has seen; told live. */
  done?: number;
  /** Rows a second; told live. */
  rate?: number;
  counts: Counts;
  finding_counts?: Record<string, number>;
  preview?: Preview;
  created_at: string;
  started_at?: string;
  finished_at?: string;
  undone_at?: string;
  person?: string;
  job_id?: number;
  /** How long it ran. */
  seconds?: number;
  error?: string;
  journal_entry_id?: number;
}

/** A row of a dry run or of a batch with what becomes of it. */
export interface BatchRow {
  row: number;
  outcome: Outcome;
  values: Record<string, string>;
  findings?: Finding[];
}

/** One thing noticed about one value. */
export interface Finding {
  column: string;
  value?: string;
  rule: string;
  code: string;
  severity: Severity;
  message: string;
  remedy?: string;
}

/** A row that was not taken, with the reason. */
export interface Reject {
  row: number;
  column: string;
  value: string;
  rule: string;
  code: string;
  message: string;
  remedy?: string;
}

/** Where records come from. */
export interface Source {
  id: number;
  name: string;
  label: string;
  kind: string;
  trust: number;
  department: string;
  created_at: string;
  batch_count?: number;
  record_count?: number;
  last_batch_at?: string;
  mappings?: RememberedMapping[];
}

/** A mapping that a person corrected; the next file with the same header gets it by itself. */
export interface RememberedMapping {
  signature: string;
  kind: Kind;
  column_count: number;
  headers?: string[];
  updated_at: string;
}

const active: BatchState[] = ['prepared', 'trying', 'running', 'undoing'];

/** Tells whether the server is at work on a batch. */
export const isActive = (state: BatchState) => active.includes(state);

/** The counts that matter now: those of the dry run until the batch has run. */
export const countsOf = (batch: Batch): Counts =>
  batch.state === 'tried' || batch.state === 'trying' ? (batch.preview?.counts ?? batch.counts) : batch.counts;

export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: ({ signal }) => api.get<Page<Source>>('/api/sources', { signal }),
});

export const batchQuery = (id: number) =>
  queryOptions({
    queryKey: ['batches', id],
    queryFn: ({ signal, client, queryKey }) =>
      api.get<Batch>('/api/batches/{id}', {
        path: { id },
        signal,
        background: client.getQueryData(queryKey) !== undefined,
      }),
    // The live stream tells of progress; asking again is for the case that it is cut.
    refetchInterval: (query) => (query.state.data && isActive(query.state.data.state) ? 4000 : false),
  });

/** What the preview of a file is asked with. */
export interface PreviewAsk {
  reading: Reading;
  source?: string;
  kind?: Kind;
}

export const fileQuery = (id: number, ask: PreviewAsk) =>
  queryOptions({
    queryKey: ['files', id, ask],
    queryFn: ({ signal }) =>
      api.post<FileView>('/api/files/{id}/preview', {
        path: { id },
        body: { ...ask.reading, source: ask.source, kind: ask.kind },
        signal,
      }),
    staleTime: Infinity,
    placeholderData: (old) => old,
    retry: false,
  });

/** Makes a batch; a dry run only tells what would become of the rows. */
export function createBatch(body: {
  file_id: number;
  source: string;
  kind: Kind;
  mapping: Mapping;
  options: Reading;
  dry_run: boolean;
}): Promise<Batch> {
  return api.post<Batch>('/api/batches', { body });
}

export const runBatch = (id: number) => api.post<Batch>('/api/batches/{id}/run', { path: { id } });
export const cancelBatch = (id: number) => api.post<Batch>('/api/batches/{id}/cancel', { path: { id } });
export const undoBatch = (id: number) => api.post<Batch>('/api/batches/{id}/undo', { path: { id } });
