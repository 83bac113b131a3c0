// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';

export type ErasurePlan = Schema<'CustomerErasurePlan'>;
export type ErasureRow = Schema<'CustomerErasureRow'>;
export type Hold = Schema<'CustomerHold'>;
export type Kept = Schema<'CustomerKept'>;

/** What an erasure of the customer would take, keep and be refused by. */
export const erasurePlanQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', 'erasure', id],
    queryFn: ({ signal }) => api.get('/api/customers/{id}/erasure', { path: { id }, signal }),
    staleTime: 0,
  });

/** The holds that stand, for those who may erase. */
export const holdsQuery = queryOptions({
  queryKey: ['customers', 'holds'],
  queryFn: ({ signal }) => api.get('/api/holds', { signal }),
  staleTime: 60_000,
});
