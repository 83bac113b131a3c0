// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';

/** A series that somebody brought along. */
export interface OwnSeries {
  id: number;
  name: string;
  count: number;
  first_at: string;
  last_at: string;
  step: string;
  is_level: boolean;
}

export const measures = [
  'revenue',
  'orders',
  'new_customers',
  'returned',
  'sent',
  'clicked',
  'received',
  'offers',
] as const;
export const steps = ['half_hour', 'hour', 'day', 'week', 'month'] as const;
export type Measure = (typeof measures)[number] | 'own';
export type Step = (typeof steps)[number];

/** Which series is looked at. */
export interface SeriesAsk {
  measure: Measure;
  own_id?: number;
  offer_id?: number;
  step: Step;
}

export const ownSeriesQuery = queryOptions({
  queryKey: ['mining-series'],
  queryFn: ({ signal }) => api.get<{ items: OwnSeries[] | null }>('/api/mining/series', { signal }),
});

export const createSeries = (draft: { name: string; text: string; is_level: boolean }) =>
  api.post<OwnSeries>('/api/mining/series', { body: draft });

export const deleteSeries = (id: number) => api.delete('/api/mining/series/{id}', { path: { id } });

export const offersQuery = queryOptions({
  queryKey: ['offer-choices'],
  queryFn: ({ signal }) =>
    api.get<{ items: { id: number; name: string; stock?: number }[] | null }>('/api/offers', { signal }),
  staleTime: 60_000,
});
