// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';

export type TierStatus = Schema<'TierStatus'>;
export type TierSetting = Schema<'TierSetting'>;

const LOOK_AGAIN = 5_000;

export const tiersQuery = queryOptions({
  queryKey: ['tiers'],
  queryFn: ({ signal }) => api.get('/api/cube/tiers', { background: true, signal }),
  refetchInterval: LOOK_AGAIN,
});

export const setTiers = (body: TierSetting) => api.put('/api/cube/tiers', { body });

export const moveTiers = () => api.post('/api/cube/tiers/move');

export const checkTiers = () => api.post('/api/cube/tiers/check');
