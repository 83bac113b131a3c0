// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Dispatch } from '../api';

export const dispatchStates = [
  'planned',
  'leased',
  'handing',
  'handed_over',
  'delivered',
  'bounced',
  'failed',
  'unknown',
  'skipped',
  'cancelled',
] as const;
export const dispatchKinds = ['api', 'trigger', 'notice', 'invite', 'answer', 'forward', 'personal'] as const;

/** Events that the product itself tells of; others come by the API. */
export const knownEvents = [
  'customer.registered',
  'order.pending',
  'order.paid',
  'order.cancelled',
  'order.returned',
  'order.refunded',
] as const;

/** Ties an event to a template that goes out by itself. */
export interface Trigger {
  id: number;
  event: string;
  template_id: number;
  template?: string;
  delay_minutes: number;
  is_active: boolean;
  activated_at?: string;
  sent: number;
  missed: number;
  problem?: string;
  problem_at?: string;
  version: number;
}

export const triggersQuery = queryOptions({
  queryKey: ['dispatches', 'triggers'],
  queryFn: ({ signal }) => api.get<Page<Trigger>>('/api/mail/triggers', { signal }),
});

export const dispatchQuery = (id: number) =>
  queryOptions({
    queryKey: ['dispatches', 'one', id],
    retry: false,
    queryFn: ({ signal }) =>
      api.get<Dispatch & { text: string; person?: string }>('/api/mail/dispatches/{id}/letter', {
        path: { id },
        signal,
      }),
  });

/** What the address of the page says. */
export interface SingleSearch {
  tab?: 'mails' | 'triggers';
  state?: (typeof dispatchStates)[number];
  kind?: (typeof dispatchKinds)[number];
  key?: string;
  address?: string;
  mail?: number;
}

/** Reads the address; what it does not know is left out. */
export function singleSearch(search: Record<string, unknown>): SingleSearch {
  const mail = Number(search.mail);
  const text = (value: unknown) =>
    (typeof value === 'string' || typeof value === 'number') && value !== '' ? String(value) : undefined;
  return {
    tab: search.tab === 'triggers' ? 'triggers' : undefined,
    state: dispatchStates.find((state) => state === search.state),
    kind: dispatchKinds.find((kind) => kind === search.kind),
    key: text(search.key),
    address: text(search.address),
    mail: Number.isSafeInteger(mail) && mail > 0 ? mail : undefined,
  };
}
