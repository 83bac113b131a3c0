// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Statement } from '../findingApi';

/** A campaign with the customers it contacted and those it held back. */
export interface TestedCampaign {
  of: 'campaign' | 'promotion';
  id: number;
  name: string;
  start_on?: string;
  treated: number;
  control: number;
}

/** The difference between the arms among some of the people. */
export interface Effect {
  name: string;
  treated: number;
  control: number;
  mean_treated: number;
  mean_control: number;
  uplift: number;
  low: number;
  high: number;
}

/** How one method did on people it had not seen. */
export interface UpliftMethod {
  method: 'two_logistic' | 'two_boost' | 'transformed' | 'uplift_tree' | 'one_question';
  qini: number;
  low: number;
  high: number;
  uplift_top_10: number;
  uplift_top_30: number;
  uplift_top_50: number;
  curve: { share: number; gain: number }[];
  is_chosen: boolean;
  is_shown: boolean;
}

/** Whom contact changes. */
export interface Uplift {
  settings: { of: 'campaign' | 'promotion'; id: number; outcome: 'bought' | 'revenue'; days: number };
  currency?: string;
  campaigns: (TestedCampaign & {
    until?: string;
    problem?: 'no_control' | 'no_start' | 'not_over' | 'other_share';
  })[];
  learned: number;
  mean: Effect;
  treated: number;
  control: number;
  results: UpliftMethod[] | null;
  is_shown: boolean;
  problem?: string;
  tenths?: Effect[];
  boxes?: Effect[];
  best_tenths: number;
  scored: number;
  is_deployed: boolean;
  words: Statement;
}

/** Campaigns that can be looked at. */
export const testedQuery = queryOptions({
  queryKey: ['mining-campaigns'],
  queryFn: ({ signal }) => api.get<{ items: TestedCampaign[] }>('/api/mining/campaigns', { signal }),
  staleTime: 60_000,
});
