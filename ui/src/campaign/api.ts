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
}

/** The ledger in numbers. */
export interface Counts extends Record<(typeof recipientStates)[number], number> {
  total: number;
  treatment: number;
  control: number;
  skipped_for?: Record<string, number>;
  clicked: number;
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
