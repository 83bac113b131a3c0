// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Schema } from '@/app/apiTypes';

export type Expression = Schema<'ConsentExpression'>;

export const channels = ['email', 'sms', 'kakao', 'push', 'call', 'post'] as const;
export const methods = ['call', 'store', 'paper', 'web', 'app', 'mail'] as const;

export const consentsQuery = (customerId: number) =>
  queryOptions({
    queryKey: ['customers', 'one', customerId, 'consents'],
    queryFn: ({ signal }) => api.get('/api/customers/{id}/consents', { path: { id: customerId }, signal }),
  });

/** What the send gate says to a message now, rule by rule. */
export interface Explanation {
  is_allowed: boolean;
  reason?: string;
  defer_to?: string;
  basis?: string;
  basis_id?: number;
  rules: string;
  checks: { reason: string; state: string }[];
}

/** One message of a campaign to a customer, sent or not. */
export interface CampaignMessage {
  id: number;
  campaign_name: string;
  state: string;
  reason?: string;
  reply?: string;
  at: string;
}

export const gateQuery = (customerId: number, channel: string, kind: string) =>
  queryOptions({
    queryKey: ['customers', 'one', customerId, 'gate', channel, kind],
    queryFn: ({ signal }) =>
      api.get<Explanation>('/api/customers/{id}/gate', {
        path: { id: customerId },
        query: { channel, class: kind },
        signal,
      }),
  });

export const messagesQuery = (customerId: number) =>
  queryOptions({
    queryKey: ['customers', 'one', customerId, 'messages'],
    queryFn: ({ signal }) =>
      api.get<Page<CampaignMessage>>('/api/customers/{id}/messages', { path: { id: customerId }, signal }),
    retry: false,
  });

/** What the company decided beyond the law. */
export interface Policy {
  allow_transaction_exemption: boolean;
  direct_sources?: number[];
  seller_is_registered: boolean;
  sms_provider_is_certified: boolean;
  max_contacts: number;
  per_days: number;
  tells_by_self: boolean;
  channels?: string[];
}

/** On whose behalf messages go out. */
export interface Sender {
  code: string;
  name: string;
  name_en: string;
  email: string;
  phone: string;
  address: string;
  address_en: string;
}

export const policyQuery = queryOptions({
  queryKey: ['consents', 'policy'],
  queryFn: ({ signal }) => api.get<Policy>('/api/consents/policy', { signal }),
});

export const sendersQuery = queryOptions({
  queryKey: ['consents', 'senders'],
  queryFn: ({ signal }) => api.get<Page<Sender>>('/api/senders', { signal }),
});

/** A notice that has to be given by a day. */
export interface DueNotice {
  kind: 'result' | 'biennial';
  due_on: string;
  is_overdue: boolean;
  consent_id: number;
  customer_id: number;
  channel: string;
}

export const dueQuery = queryOptions({
  queryKey: ['consents', 'due'],
  queryFn: ({ signal }) => api.get<Page<DueNotice>>('/api/consents/due', { query: { limit: 100 }, signal }),
});

/** A barred address. */
export interface Bar {
  id: number;
  channel: string;
  address: string;
  kind: string;
  at: string;
  note?: string;
  ended_at?: string;
}

export const barsQuery = (address: string) =>
  queryOptions({
    queryKey: ['consents', 'bars', address],
    queryFn: ({ signal }) => api.get<Page<Bar>>('/api/suppressions', { query: address ? { address } : {}, signal }),
  });

/** A figure of the law with its days. */
export interface LegalParameter {
  name: string;
  value: string;
  valid_from: string;
  valid_to?: string;
  source: string;
}

export const lawQuery = queryOptions({
  queryKey: ['consents', 'law'],
  queryFn: ({ signal }) => api.get<Page<LegalParameter>>('/api/consents/parameters', { signal }),
});

/** A mail that asks a customer to confirm a consent. */
export interface Invitation {
  id: number;
  channels: string[];
  is_night: boolean;
  origin: string;
  state: 'open' | 'agreed' | 'declined';
  asked_at: string;
  expires_at: string;
  answered_at?: string;
}

export const invitationsQuery = (customerId: number) =>
  queryOptions({
    queryKey: ['customers', 'one', customerId, 'invitations'],
    queryFn: ({ signal }) =>
      api.get<Page<Invitation>>('/api/customers/{id}/invitations', { path: { id: customerId }, signal }),
  });
