// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { SavedDraft, SavedHead } from '../saved';

/** What is sent or watched, when and to whom. */
export interface SubscriptionContent {
  kind: 'report' | 'alert';
  pivot_id?: number;
  board_id?: number;
  format?: 'pdf' | 'xlsx';
  every: 'day' | 'week' | 'month';
  weekday?: number;
  day?: number;
  hour?: number;
  people?: number[];
  is?: 'above' | 'below' | 'unusual';
  value?: number;
  paused?: boolean;
}

/** What became of one look or one mailing. */
export interface Run {
  id: number;
  at: string;
  outcome: 'sending' | 'sent' | 'partly' | 'failed' | 'firing' | 'quiet';
  detail: {
    readers?: number;
    problems?: { reader?: string; code?: string; message: string; fields?: Record<string, unknown> }[];
    value?: number;
    usual?: number;
    measure?: string;
    period?: string;
  };
}

export interface Subscription extends SavedHead {
  content: SubscriptionContent;
  next_at?: string;
  firing: boolean;
  last?: Run;
}

export const subscriptionsQuery = queryOptions({
  queryKey: ['subscriptions'],
  queryFn: ({ signal }) => api.get<Page<Subscription>>('/api/subscriptions', { signal }),
});

export const runsQuery = (id: number) =>
  queryOptions({
    queryKey: ['subscriptions', id, 'runs'],
    queryFn: ({ signal }) => api.get<Page<Run>>('/api/subscriptions/{id}/runs', { path: { id }, signal }),
  });

export const colleaguesQuery = queryOptions({
  queryKey: ['subscription-colleagues'],
  queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/subscriptions/colleagues', { signal }),
  staleTime: 300_000,
});

export const saveSubscription = (draft: SavedDraft<SubscriptionContent>) =>
  api.put<Subscription>('/api/subscriptions', { body: draft });

export const deleteSubscription = (id: number) => api.delete<void>('/api/subscriptions/{id}', { path: { id } });

export const runSubscription = (id: number) => api.post<Run>('/api/subscriptions/{id}/runs', { path: { id } });
