// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Label } from '@/app/label';
import type { SavedDraft } from '../saved';

/** A table as the asker may see it. */
export interface SqlTable {
  name: string;
  label: Label;
  limited: boolean;
  columns: { name: string; type: string; label: Label; about: Label }[];
}

/** What a statement gives. */
export interface SqlAnswer {
  columns: { name: string; number: boolean }[];
  rows: (string | number | boolean | null)[][];
  truncated: boolean;
  as_of: { seq: number; at: string };
  ms: number;
}

/** SQL that somebody saved. */
export interface Statement {
  id: number;
  name: string;
  owner_id: number;
  shared: boolean;
  content: string;
  version: number;
}

export const schemaQuery = queryOptions({
  queryKey: ['sql-schema'],
  queryFn: ({ signal }) => api.get<{ tables: SqlTable[] }>('/api/cube/sql/schema', { signal }),
});

export const statementsQuery = queryOptions({
  queryKey: ['statements'],
  queryFn: ({ signal }) => api.get<Page<Statement>>('/api/statements', { signal }),
});

export const runSql = (sql: string, signal?: AbortSignal) =>
  api.post<SqlAnswer>('/api/cube/sql', { body: { sql }, signal });

/** Saves a new statement, or one's own when it has an id. */
export const saveStatement = ({ id, name, shared, content, version }: SavedDraft<string>) =>
  api.put<Statement>('/api/statements', { body: { id, name, shared, content, version } });

export const deleteStatement = (id: number) => api.delete<void>('/api/statements/{id}', { path: { id } });

/** The Parquet files that are there, and when they are written. */
export interface ParquetStatus {
  folder: string;
  /** Hour of the day, -1 is never. */
  hour: number;
  current?: {
    edition: string;
    written_at: string;
    data_seq: number;
    data_at: string;
    took_ms: number;
    tables: { name: string; path: string; label: Label; rows: number; bytes: number; columns: unknown[] }[];
  };
}

export const parquetQuery = queryOptions({
  queryKey: ['parquet'],
  queryFn: ({ signal }) => api.get<ParquetStatus>('/api/cube/parquet', { signal }),
});

export const planParquet = (hour: number) => api.put<ParquetStatus>('/api/cube/parquet', { body: { hour } });

export const writeParquet = () => api.post<{ job: number }>('/api/cube/parquet');
