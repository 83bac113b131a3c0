// SPDX-License-Identifier: Apache-2.0
import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { GroupRule } from '@/shared/filter';

/** Where a campaign stands. */
export type CampaignState = 'draft' | 'planning' | 'planned' | 'running' | 'paused' | 'finished' | 'cancelled';

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
  'cancelled',
] as const;
export type RecipientState = (typeof recipientStates)[number] | 'control';

/** Treatment gets the message; control is left alone, for comparison; none could not have been sent to at all. */
export type Arm = 'treatment' | 'control' | 'none';

export type Objective = 'conversion' | 'revenue';

/** One of several messages that are tried against each other. */
export interface Variant {
  key: string;
  template_id: number;
  share: number;
}

/** What a campaign is meant to reach and at what price. Shares are in basis points, money in minor units. */
export interface Intent {
  objective?: Objective;
  target?: number;
  expected_rate?: number;
  expected_lift?: number;
  order_value?: number;
  incentive?: number;
  fixed_cost?: number;
  pressure_most?: number;
  pressure_days?: number;
  origin_id?: number;
  test_share?: number;
  test_hours?: number;
  variants?: Variant[];
  breakdown?: number[];
}

/** What a person decides about a campaign. Shares are in basis points, money in minor units. */
export interface CampaignDraft {
  name: string;
  goal: string;
  segment_id: number;
  template_id: number;
  control_share: number;
  control_minimum: number;
  window_days: number;
  budget?: number;
  /** Cost of a thousand messages. */
  message_cost: number;
  /** Margin of sales. */
  margin_share: number;
  /** Most messages a minute; 0 is no limit. */
  rate_per_minute: number;
  /** Clicks on links are counted. */
  is_tracked: boolean;
  intent: Intent;
}

/** The ledger in numbers. */
export interface Counts extends Record<(typeof recipientStates)[number], number> {
  total: number;
  treatment: number;
  control: number;
  skipped_for?: Record<string, number>;
  clicked: number;
  opened: number;
  machine_opened: number;
  read: number;
  unsubscribed: number;
}

/** A campaign. */
export interface Campaign extends CampaignDraft {
  id: number;
  state: CampaignState;
  /** Why it does not move on, if it does not. */
  note?: string;
  currency: string;
  /** As of when the members of the segment are. */
  as_of?: string;
  job_id?: number;
  person_id: number;
  created_at: string;
  updated_at: string;
  planned_at?: string;
  started_at?: string;
  finished_at?: string;
  /** When a planned campaign starts by itself. */
  start_at?: string;
  version: number;
  approval?: '' | 'asked' | 'approved' | 'refused';
  approval_note?: string;
  needs_approval: boolean;
  winner?: string;
  winner_how?: '' | 'shown' | 'time' | 'person';
  journey_id?: number;
  counts: Counts;
  /** Messages a second, told live. */
  rate?: number;
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
  attempts: number;
  retry_at?: string;
  handed_over_at?: string;
  code?: number;
  reply?: string;
  basis?: string;
  clicked_at?: string;
  opened_at?: string;
  machine_opened_at?: string;
  read_at?: string;
  unsubscribed_at?: string;
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
export const isActive = (state: CampaignState) => ['planning', 'running', 'paused'].includes(state);

export const campaignQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id],
    queryFn: ({ signal, client, queryKey }) =>
      api.get<Campaign>('/api/campaigns/{id}', {
        path: { id },
        signal,
        background: client.getQueryData(queryKey) !== undefined,
      }),
    // The live stream tells of progress; asking again is for the case that it is cut.
    refetchInterval: (query) => {
      const { data } = query.state;
      return data && (isActive(data.state) || data.start_at) ? 5000 : false;
    },
  });

export const segmentsQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: ({ signal }) => api.get<Page<SegmentChoice>>('/api/segments', { signal }),
});

/** How many answer a segment's rules now, and who some of them are. */
export interface SegmentCount {
  count: number;
  total: number;
  as_of: { at: string };
  sample?: { id: number; full_name?: string; sido?: string; grade?: string }[];
}

export const segmentCountQuery = (rules: GroupRule | undefined) =>
  queryOptions({
    queryKey: ['segment-preview', rules ?? null],
    queryFn: ({ signal }) => api.post<SegmentCount>('/api/segments/preview', { body: { rules }, signal }),
    staleTime: 10_000,
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

/** A link of the message with its clicks; machines are counted apart. */
export interface TrackedLink {
  id: number;
  url: string;
  clicks: number;
  people: number;
  machine: number;
}

export const linksQuery = (id: number) =>
  queryOptions({
    queryKey: ['campaigns', id, 'links'],
    queryFn: ({ signal }) => api.get<Page<TrackedLink>>('/api/campaigns/{id}/links', { path: { id }, signal }),
    retry: false,
  });

/** The things that can be done with a campaign that exists. */
export type Step = 'plan' | 'start' | 'pause' | 'resume' | 'cancel';

export const stepCampaign = (id: number, step: Step, body?: object) =>
  api.post<Campaign>(`/api/campaigns/{id}/${step}`, { path: { id }, body });

export const scheduleCampaign = (id: number, at: string) =>
  api.post<Campaign>('/api/campaigns/{id}/schedule', { path: { id }, body: { at } });

export const unscheduleCampaign = (id: number) =>
  api.delete<Campaign>('/api/campaigns/{id}/schedule', { path: { id } });

/** What the live stream tells of a campaign. */
export type CampaignNews = Partial<Campaign> & { id: number };

/** Puts live news into the cache; when the sending has ended, everything about it is asked anew. */
export function takeNews(queries: QueryClient, news: CampaignNews): void {
  queries.setQueryData<Campaign>(['campaigns', news.id], (old) => (old ? { ...old, ...news } : old));
  if (!news.state || !isActive(news.state)) void queries.invalidateQueries({ queryKey: ['campaigns'] });
}

/** What a campaign can be expected to bring, before it starts. */
export interface Forecast {
  people: number;
  treatment: number;
  control: number;
  baseline: { from: string; to: string; people: number; windows: number; buyers: number; order_value: number };
  rate: number;
  lift: number;
  order_value: number;
  buyers: number;
  added: number;
  revenue: number;
  margin: number;
  cost: { fixed: number; messages: number; incentive: number; total: number };
  roi?: number;
  break_even?: number;
  target?: number;
  needed_control: number;
  detectable: number;
  is_over_budget: boolean;
}

export const forecastQuery = (campaign: Campaign) =>
  queryOptions({
    queryKey: ['campaigns', campaign.id, 'forecast', campaign.version],
    queryFn: ({ signal }) => api.get<Forecast>('/api/campaigns/{id}/forecast', { path: { id: campaign.id }, signal }),
    staleTime: 60_000,
  });

/** From when on campaigns need somebody else's yes; 0 is never. */
export interface Policy {
  approve_from_people: number;
  approve_from_cost: number;
}

export const policyQuery = queryOptions({
  queryKey: ['campaign-policy'],
  queryFn: ({ signal }) => api.get<Policy>('/api/campaign-policy', { signal }),
});

export const savePolicy = (policy: Policy) => api.put<Policy>('/api/campaign-policy', { body: policy });

export const askApproval = (id: number) => api.post<Campaign>('/api/campaigns/{id}/approval', { path: { id } });

export const giveApproval = (id: number, isYes: boolean, note: string) =>
  api.put<Campaign>('/api/campaigns/{id}/approval', { path: { id }, body: { is_yes: isYes, note } });

export const chooseWinner = (id: number, key: string) =>
  api.post<Campaign>('/api/campaigns/{id}/winner', { path: { id }, body: { key } });
