// SPDX-License-Identifier: Apache-2.0
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Remark } from '@/app/preview';
import type { GroupRule } from '@/shared/filter';

/** Where a campaign stands. */
export const states = ['draft', 'scheduled', 'planning', 'running', 'paused', 'done', 'cancelled', 'failed'] as const;
export type CampaignState = (typeof states)[number];

/** What a campaign wants to reach. */
export const goals = ['revenue', 'repeat', 'winback', 'new_product', 'retention', 'information'] as const;
export type Goal = (typeof goals)[number];

/** Where one message stands in the ledger; each attempt is a row. */
export const recipientStates = [
  'planned',
  'leased',
  'handed_over',
  'delivered',
  'bounced',
  'failed',
  'unknown',
  'skipped',
] as const;
export type RecipientState = (typeof recipientStates)[number];

/** Treatment gets the message; control is left alone, for comparison. */
export type Arm = 'treatment' | 'control';

/** What a person decides about a campaign. */
export interface CampaignDraft {
  name: string;
  goal: Goal;
  note: string;
  /** Minor units; 0 is none. */
  budget: number;
  currency: string;
  segment_id?: number;
  template_id?: number;
  control_percent: number;
  window_days: number;
  /** Minor units a message. */
  cost_per_message: number;
  /** Minor units once. */
  cost_fixed: number;
  start_at?: string;
}

/** The ledger in numbers. */
export type LedgerCounts = Record<RecipientState | 'control' | 'treatment', number>;

/** A campaign. */
export interface Campaign extends CampaignDraft {
  id: number;
  state: CampaignState;
  segment_name?: string;
  template_name?: string;
  counts: LedgerCounts;
  /** Skipped recipients by the reason of the gate. */
  skipped?: Record<string, number>;
  clicked?: number;
  unsubscribed?: number;
  /** Messages a second, told live. */
  rate?: number;
  created_at: string;
  updated_at: string;
  started_at?: string;
  finished_at?: string;
  person?: string;
  error?: string;
  version: number;
  result?: ShortResult;
}

/** The result in one line, for lists. */
export interface ShortResult {
  verdict: 'up' | 'down' | 'none' | 'too_early';
  lift?: number;
  incremental_revenue?: number;
  roi?: number;
}

/** What would happen if the campaign started now. */
export interface Plan {
  segment_count: number;
  treatment: number;
  control: number;
  skipped: Record<string, number>;
  cost: number;
  currency: string;
  remarks: Remark[];
  as_of?: { at: string; seq: number };
  /** The smallest difference in conversion that the groups can show, at the base rate. */
  base_rate?: number;
  detectable?: number;
}

/** One row of the ledger. */
export interface Recipient {
  id: number;
  customer_id: number;
  name: string;
  address: string;
  arm: Arm;
  state: RecipientState;
  reason?: string;
  reply?: string;
  attempts?: number;
  handed_over_at?: string;
  delivered_at?: string;
  clicked_at?: string;
  unsubscribed_at?: string;
  updated_at: string;
}

/** A segment as far as a campaign needs to know. */
export interface SegmentChoice {
  id: number;
  name: string;
  description?: string;
  rules: GroupRule;
  count?: number;
}

/** A template as far as a campaign needs to know. */
export interface TemplateChoice {
  id: number;
  name: string;
  class: 'ad' | 'informational' | 'statutory_notice';
  latest: { subject: string; number: number };
}

/** Tells whether messages are on their way or about to be. */
export const isActive = (state: CampaignState) => ['scheduled', 'planning', 'running', 'paused'].includes(state);

export const campaignQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id],
    queryFn: ({ signal }) => api.get<Campaign>('/api/campaigns/{id}', { path: { id }, signal }),
    // The live stream tells of progress; asking again is for the case that it is cut.
    refetchInterval: (query) => (query.state.data && isActive(query.state.data.state) ? 5000 : false),
  });

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: ({ signal }) => api.get<Page<SegmentChoice>>('/api/segments', { query: { limit: 500 }, signal }),
});

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: ({ signal }) => api.get<Page<TemplateChoice>>('/api/templates', { query: { limit: 200 }, signal }),
});

export const transportQuery = queryOptions({
  queryKey: ['mail', 'transport'],
  queryFn: ({ signal }) => api.get<{ name: string; is_local: boolean }>('/api/mail/transport', { signal }),
  staleTime: 60_000,
});

export const planQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id, 'plan'],
    queryFn: ({ signal }) => api.post<Plan>('/api/campaigns/{id}/plan', { path: { id }, signal }),
    retry: false,
  });

/** The things that can be done with a campaign that exists. */
export type Step = 'start' | 'pause' | 'resume' | 'cancel';

export const stepCampaign = (id: number, step: Step, body?: object) =>
  api.post<Campaign>(`/api/campaigns/{id}/${step}`, { path: { id }, body });

/** What the live stream tells of a campaign. */
export type CampaignNews = Partial<Campaign> & { id: number };

/** Puts live news into the cache; when the sending has ended, everything about it is asked anew. */
export function takeNews(queries: QueryClient, news: CampaignNews): void {
  queries.setQueryData<Campaign>(['campaigns', news.id], (old) => (old ? { ...old, ...news } : old));
  if (!news.state || !isActive(news.state)) void queries.invalidateQueries({ queryKey: ['campaigns'] });
}
