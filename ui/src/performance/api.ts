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
  low: number;
  high: number;
  /** Difference over control; absent when control is zero. */
  lift?: number;
  verdict: Verdict;
}

/** What the people of one group did in the window, everybody assigned to it counted. */
export interface ArmResult {
  people: number;
  buyers: number;
  orders: number;
  conversion: number;
  /** Minor units. */
  revenue: number;
  revenue_per_person: number;
}

/** An estimate with its 95 % interval. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export const costComponents = ['media', 'creative', 'agency', 'staff', 'incentive', 'points', 'other'] as const;
export type CostComponent = (typeof costComponents)[number];

/** One component of what a campaign cost. */
export interface Cost {
  id: number;
  component: CostComponent;
  amount: number;
  note: string;
}

/** One sentence of the result: a code with numbers, and the sentence in both languages. */
export interface Statement {
  code: string;
  fields?: Record<string, number | string>;
  ko: string;
  en: string;
}

/** A part of the people, compared by itself. */
export interface Group {
  kind: 'segment' | 'box' | 'stage';
  key: string;
  treatment: ArmResult;
  control: ArmResult;
  conversion: Difference;
}

/** What a campaign brought in one product category; "" is lines without a known product. */
export interface ProductResult {
  category: string;
  treatment: ArmResult;
  control: ArmResult;
  added: Estimate;
  margin: Estimate;
  cost_shared: number;
  roi?: number;
  verdict: Verdict;
}

/** What one of several messages brought. */
export interface VariantResult {
  key: string;
  arm: ArmResult;
  against?: { difference: number; low: number; high: number; p_value: number; is_shown: boolean };
  is_best: boolean;
}

/** What a campaign brought. */
export interface Result {
  objective?: 'conversion' | 'revenue';
  target?: number;
  reached?: number;
  payback_day?: number;
  groups?: Group[] | null;
  products?: ProductResult[] | null;
  variants?: VariantResult[] | null;
  leader?: string;
  winner?: string;
  stages?: { stage: string; added: Estimate; cost_per?: number; cost_shared: number }[] | null;
  attribution?: { lookback_days: number; orders: number; first: number; last: number; position: number; decay: number };
  plan?: {
    treatment: number;
    rate: number;
    lift: number;
    added: number;
    margin: number;
    cost: { total: number };
    roi?: number;
  };
  campaign_id: number;
  evaluated_at: string;
  /** The time in which purchases count, the same for both groups. */
  window: { from?: string; to?: string; days: number; is_complete: boolean };
  currency: string;
  counts: { bounced: number; failed: number; unknown: number; clicked: number; unsubscribed: number };
  sent: number;
  unsubscribe_rate: number;
  bounce_rate: number;
  treatment: ArmResult;
  control: ArmResult;
  conversion: Difference;
  /** A head, in minor units. */
  revenue: Difference;
  incremental_revenue: Estimate;
  incremental_margin: Estimate;
  margin_share: number;
  cost: { messages: number; fixed: number; incentive: number; components: Cost[] | null; total: number };
  budget?: number;
  roi?: Estimate;
  cost_per_order?: number;
  /** Smallest difference in conversion that these groups show with 80 % power. */
  detectable: number;
  verdict: Verdict;
  statements: Statement[];
}

/** Tells whether the groups can be compared: there is a control group and enough people bought. */
export const isCompared = ({ verdict }: Result) => verdict !== 'no_control' && verdict !== 'too_few';

/** A campaign as far as its result needs to know. */
export interface MeasuredCampaign {
  id: number;
  name: string;
  state: string;
  started_at?: string;
  finished_at?: string;
}

export const resultQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id, 'result'],
    queryFn: ({ signal }) => api.get<Result>('/api/campaigns/{id}/result', { path: { id }, signal }),
    retry: false,
    staleTime: 60_000,
  });

/** What a journey brought; people whose days are not over do not count yet. */
export interface JourneyResult extends Result {
  journey_id: number;
  open: number;
}

export const journeyResultQuery = (id: number, days: number) =>
  queryOptions({
    queryKey: ['journeys', id, 'result', days],
    queryFn: ({ signal }) =>
      api.get<JourneyResult>('/api/journeys/{id}/result', { path: { id }, query: { days }, signal }),
    retry: false,
    staleTime: 60_000,
  });

/** A journey as far as its result needs to know. */
export const journeyNameQuery = (id: number) =>
  queryOptions({
    queryKey: ['journeys', id, 'name'],
    queryFn: ({ signal }) => api.get<{ id: number; name: string }>('/api/journeys/{id}', { path: { id }, signal }),
  });

export const campaignQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id],
    queryFn: ({ signal }) => api.get<MeasuredCampaign>('/api/campaigns/{id}', { path: { id }, signal }),
  });

export const startedQuery = queryOptions({
  queryKey: ['campaigns', 'started'],
  queryFn: async ({ signal }) => {
    const page = await api.get<Page<MeasuredCampaign>>('/api/campaigns', { query: { limit: 100 }, signal });
    return page.items.filter((campaign) => campaign.started_at !== undefined);
  },
});

/** Makes the plan of the next campaign from a result. */
export const planNext = (id: number) => api.post<MeasuredCampaign>('/api/campaigns/{id}/next', { path: { id } });

export const segmentNamesQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/segments', { signal }),
});

/** One row of the summary; money in minor units. */
export interface Line {
  key: string;
  campaigns: number;
  /** Campaigns whose effect was shown. */
  shown: number;
  sent: number;
  revenue: Estimate;
  margin: Estimate;
  cost: number;
  budget?: number;
  roi?: number;
}

/** What campaigns brought and cost in a year, beside budgets. */
export interface Summary {
  from: string;
  to: string;
  total: Line;
  months: Line[];
  channels: Line[];
  segments: Line[];
  products: Line[];
  stages: { stage: string; added: Estimate; cost_per?: number; cost_shared: number }[];
}

export const summaryQuery = queryOptions({
  queryKey: ['performance', 'summary'],
  queryFn: ({ signal }) => api.get<Summary>('/api/performance', { signal }),
});

export const saveBudget = (month: string, channel: string, amount: number) =>
  api.put<void>('/api/performance/budgets', { body: { month, channel, amount } });
