// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '../api';

/** An answer of the cube, as far as the home page reads it. */
export interface CubeAnswer {
  columns: { name: string; role: string; currency?: string }[];
  rows: (string | number | boolean | null)[][];
  currency?: string;
  as_of: { seq: number; at: string };
}

interface CubeAsk {
  measures: string[];
  dimensions?: string[];
  period?: { last: number; unit: 'day' | 'month' };
  compare?: 'previous_period';
  order?: { by: string; desc?: boolean }[];
}

/** A campaign, as far as the home page shows it. */
export interface RecentCampaign {
  id: number;
  name: string;
  state: string;
}

export const askCube = (ask: CubeAsk) =>
  queryOptions({
    queryKey: ['cube', 'home', ask],
    queryFn: ({ signal }) => api.post<CubeAnswer>('/api/cube/query', { body: ask, signal }),
    staleTime: 60_000,
    retry: false,
  });

export const customersCountQuery = queryOptions({
  queryKey: ['customers', 'count', {}],
  queryFn: ({ signal }) => api.get('/api/customers/count', { signal }),
});

export const batchesQuery = queryOptions({
  queryKey: ['batches', 'home'],
  queryFn: ({ signal }) => api.get('/api/batches', { query: { limit: 5 }, signal }),
  retry: false,
});

export const segmentsCountQuery = queryOptions({
  queryKey: ['segments', 'home'],
  queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/segments', { signal }),
  retry: false,
});

export const campaignsQuery = queryOptions({
  queryKey: ['campaigns', 'home'],
  queryFn: ({ signal }) => api.get<Page<RecentCampaign>>('/api/campaigns', { signal }),
  retry: false,
});

/** The numbers of the first row of an answer by measure. */
export function firstRow(answer: CubeAnswer | undefined): Record<string, number> {
  const row = answer?.rows[0] ?? [];
  return Object.fromEntries((answer?.columns ?? []).map((column, i) => [column.name, Number(row[i] ?? 0)]));
}
