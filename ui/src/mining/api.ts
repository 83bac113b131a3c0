// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Label } from '@/app/label';
import type { GroupRule } from '@/shared/filter';
import type { Line } from './LinePicker';

interface AsOf {
  at: string;
  seq: number;
}

/** How customers are scored by recency, frequency and money; -1 months is everything. */
export interface RfmAsk {
  at?: string;
  period_months: number;
  method: 'independent' | 'nested';
  weights: { r: number; f: number; m: number };
  /** Hand-set limits instead of quantiles. */
  cuts?: { r: number[]; f: number[]; m: number[] };
  /** Only purchases of one business line. */
  line?: Line;
}

/** One of the 125 boxes. */
export interface RfmBox {
  r: number;
  f: number;
  m: number;
  group: string;
  customers: number;
  revenue: number;
}

/** A named group of boxes with what is usually done about it. */
export interface RfmGroup {
  name: string;
  label: Label;
  action: Label;
  customers: number;
  revenue: number;
  /** Of revenue. */
  share: number;
  average_score: number;
  rules?: GroupRule;
}

/** The scores of all buyers at a date. */
export interface Rfm {
  settings: RfmAsk;
  from?: string;
  to: string;
  currency: string;
  buyers: number;
  non_buyers: number;
  revenue: number;
  limits: { r?: number[]; f?: number[]; m?: number[] };
  boxes: RfmBox[];
  groups: RfmGroup[];
  as_of: AsOf;
}

/** The scores that lists, pivots and segments see. */
export interface SavedRfm {
  settings: RfmAsk;
  computed_at?: string;
  problem?: string;
  buyers: number;
}

/** What the concentration is asked of. */
export interface ParetoAsk {
  measure: 'revenue' | 'orders' | 'quantity';
  from?: string;
  to?: string;
  line?: Line;
}

/** A tenth of the customers, best first. */
export interface Decile {
  decile: number;
  customers: number;
  value: number;
  share: number;
  least: number;
  most: number;
}

/** How much of a measure the best customers bring. */
export interface Pareto {
  settings: ParetoAsk;
  buyers: number;
  total: number;
  currency?: string;
  curve: { customers: number; share: number }[];
  deciles: Decile[];
  /** Share of the total by share of customers: "10", "20", "30". */
  top: Record<string, number>;
  customers_for_80: number;
  loss: { top: number; top_value: number; customers: number; value: number; share: number; others: number };
  gini: number;
  as_of: AsOf;
}

export const rfmQuery = (ask: RfmAsk) =>
  queryOptions({
    queryKey: ['rfm', ask],
    queryFn: ({ signal }) => api.post<Rfm>('/api/mining/rfm', { body: ask, signal }),
    placeholderData: keepPreviousData,
  });

export const paretoQuery = (ask: ParetoAsk) =>
  queryOptions({
    queryKey: ['pareto', ask],
    queryFn: ({ signal }) => api.post<Pareto>('/api/mining/pareto', { body: ask, signal }),
    placeholderData: keepPreviousData,
  });

export const savedRfmQuery = queryOptions({
  queryKey: ['rfm-saved'],
  queryFn: ({ signal }) => api.get<SavedRfm>('/api/mining/rfm', { signal }),
});

/** Keeps the settings and writes the scores of everybody. */
export const saveRfm = (ask: RfmAsk) => api.put<SavedRfm>('/api/mining/rfm', { body: ask });
