// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Label } from '@/app/label';
import type { RfmAsk, RfmGroup } from '../api';

export type LineBy = 'department' | 'category' | 'brand' | 'channel' | 'store';

/** A group of boxes with its words. */
export interface NamedGroup {
  name: string;
  label: Label;
  action: Label;
}

/** Who moved between groups; the last row and column are those without a score. */
export interface Movement {
  before: string;
  after: string;
  currency: string;
  names: NamedGroup[];
  customers: number[][];
  revenue: number[][];
  up: number;
  down: number;
  same: number;
  came: number;
  left: number;
}

/** The weights of recency, frequency and money. */
export interface Weights {
  r: number;
  f: number;
  m: number;
}

/** The scores within one business line. */
export interface LineRfm {
  value: string;
  weights: Weights;
  buyers: number;
  revenue: number;
  average_score: number;
  median_recency_days: number;
  median_frequency: number;
  median_monetary: number;
  groups: RfmGroup[];
}

/** What parts the business, with the weights of single lines. */
export interface LineSettings {
  by?: LineBy;
  weights?: Record<string, Weights>;
}

/** All business lines side by side. */
export interface LinesRfm {
  settings: LineSettings;
  saved: LineSettings;
  currency: string;
  lines: LineRfm[];
  names: NamedGroup[];
}

/** How a box or a group has answered to campaigns. */
export interface BoxResponse {
  r?: number;
  f?: number;
  m?: number;
  group: string;
  contacts: number;
  clicked: number;
  unsubscribed: number;
  bought: number;
  control: number;
  control_bought: number;
  lift?: number;
  lift_low?: number;
  lift_high?: number;
  action: Label;
  advice: Label;
}

/** The history of answers. */
export interface Response {
  since: string;
  settings: { days: number; months: number };
  all: Omit<BoxResponse, 'action' | 'advice' | 'group'>;
  boxes: BoxResponse[];
  groups: BoxResponse[];
}

export const movementQuery = (ask: RfmAsk & { before?: string }) =>
  queryOptions({
    queryKey: ['rfm-movement', ask],
    queryFn: ({ signal }) => api.post<Movement>('/api/mining/rfm/movement', { body: ask, signal }),
    placeholderData: keepPreviousData,
  });

export const linesQuery = (rfm: RfmAsk, lines: LineSettings) =>
  queryOptions({
    queryKey: ['rfm-lines', rfm, lines],
    queryFn: ({ signal }) => api.post<LinesRfm>('/api/mining/rfm/lines', { body: { rfm, ...lines }, signal }),
    placeholderData: keepPreviousData,
  });

export const saveLines = (lines: LineSettings) => api.put<LineSettings>('/api/mining/rfm/lines', { body: lines });

export const responseQuery = (ask: RfmAsk & { months: number; days: number }) =>
  queryOptions({
    queryKey: ['rfm-response', ask],
    queryFn: ({ signal }) => api.post<Response>('/api/mining/rfm/response', { body: ask, signal }),
    placeholderData: keepPreviousData,
  });

export const actionsQuery = queryOptions({
  queryKey: ['rfm-actions'],
  queryFn: ({ signal }) => api.get<Record<string, string>>('/api/mining/rfm/actions', { signal }),
});

export const saveAction = (box: string, action: string) =>
  api.put<Record<string, string>>('/api/mining/rfm/actions/{box}', { path: { box }, body: { action } });

export const lineNamesQuery = (by: LineBy | undefined) =>
  queryOptions({
    queryKey: ['mining-lines', by],
    queryFn: ({ signal }) =>
      api.get<{ items: { value: string; buyers: number; revenue: number }[] | null }>('/api/mining/lines', {
        query: { by: by ?? '' },
        signal,
      }),
    enabled: by !== undefined,
  });
