// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

/** What a comparison with the control group shows. */
export type Verdict = 'effect_positive' | 'effect_negative' | 'no_effect_shown' | 'too_few' | 'no_control';

/** Treatment minus control, with its 95 % interval. */
export interface Difference {
  treatment: number;
  control: number;
  difference: number;
  standard_error: number;
  low: number;
  high: number;
  /** Difference over control; absent when control is zero. */
  lift?: number;
  verdict: Verdict;
}

/** What was observed in one group, everybody assigned to it counted. */
export interface ArmResult {
  count: number;
  buyers: number;
  orders: number;
  /** Minor units. */
  revenue: number;
  /** Share of people who bought. */
  rate: number;
  /** Revenue a head, minor units. */
  mean: number;
}

/** An estimate with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** One component of what a campaign cost. */
export interface Cost {
  id: number;
  kind: CostKind;
  note?: string;
  amount: number;
  at?: string;
}

export const costKinds = ['message', 'discount', 'design', 'staff', 'other'] as const;
export type CostKind = (typeof costKinds)[number];

/** What a campaign brought. */
export interface Result {
  campaign_id: number;
  name: string;
  currency: string;
  /** Days in which purchases count. */
  window_from?: string;
  window_to?: string;
  /** The window is over: the numbers do not change any more. */
  is_final: boolean;
  evaluated_at: string;
  treatment: ArmResult;
  control: ArmResult;
  rate: Difference;
  mean: Difference;
  incremental_buyers: Estimate;
  incremental_revenue: Estimate;
  margin_share: number;
  costs: Cost[];
  cost: number;
  roi?: Estimate;
  sent: number;
  bounced: number;
  failed: number;
  unknown: number;
  clicked: number;
  unsubscribed: number;
  verdict: Verdict;
  /** What to do next, as codes. */
  suggestions: string[];
}

/** A campaign in the overview. */
export interface Row {
  campaign_id: number;
  name: string;
  finished_at?: string;
  is_final: boolean;
  sent: number;
  verdict: Verdict;
  rate: Difference;
  incremental_revenue: Estimate;
  cost: number;
  roi?: number;
  clicked: number;
  unsubscribed: number;
}

/** All campaigns together. */
export interface Overview extends Page<Row> {
  currency: string;
  totals: {
    campaigns: number;
    sent: number;
    cost: number;
    incremental_revenue: number;
    roi?: number;
    clicked: number;
    unsubscribed: number;
  };
}

export const resultQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id, 'result'],
    queryFn: ({ signal }) => api.get<Result>('/api/campaigns/{id}/result', { path: { id }, signal }),
    retry: false,
  });

export const overviewQuery = queryOptions({
  queryKey: ['performance'],
  queryFn: ({ signal }) => api.get<Overview>('/api/performance', { signal }),
});
