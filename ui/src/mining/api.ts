// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Label } from '@/app/label';
import type { GroupRule } from '@/shared/filter';

interface AsOf {
  at: string;
  seq: number;
}

/** How customers are scored by recency, frequency and money. */
export interface RfmAsk {
  at?: string;
  period_months?: number;
  method: 'independent' | 'nested';
  weights: { r: number; f: number; m: number };
}

/** One of the 125 boxes. */
export interface RfmBox {
  r: number;
  f: number;
  m: number;
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
  share: number;
  revenue_share: number;
  rules: GroupRule;
}

/** The score of all customers at a date. */
export interface Rfm {
  at: string;
  from?: string;
  currency?: string;
  customers: number;
  never_bought: number;
  revenue: number;
  limits: { r: number[]; f: number[]; m: number[] };
  boxes: RfmBox[];
  groups: RfmGroup[];
  as_of: AsOf;
  ms: number;
}

/** A point of the concentration curve: this share of customers brings that share. */
export interface ParetoPoint {
  customers: number;
  value: number;
}

/** A tenth of the customers, best first. */
export interface Decile {
  decile: number;
  customers: number;
  value: number;
  share: number;
  cumulative: number;
  from: number;
}

/** How much of a measure the best customers bring. */
export interface Pareto {
  measure: string;
  currency?: string;
  customers: number;
  total: number;
  gini: number;
  top: { share: number; of_total: number }[];
  curve: ParetoPoint[];
  deciles: Decile[];
  as_of: AsOf;
  ms: number;
}

export const rfmQuery = (ask: RfmAsk) =>
  queryOptions({
    queryKey: ['rfm', ask],
    queryFn: ({ signal }) => api.post<Rfm>('/api/mining/rfm', { body: ask, signal }),
    placeholderData: keepPreviousData,
  });

export const paretoQuery = (ask: { measure: string; period_months?: number }) =>
  queryOptions({
    queryKey: ['pareto', ask],
    queryFn: ({ signal }) => api.post<Pareto>('/api/mining/pareto', { body: ask, signal }),
    placeholderData: keepPreviousData,
  });
