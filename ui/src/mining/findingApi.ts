// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { GroupRule } from '@/shared/filter';
import type { Words } from './run';

export type FindingKind =
  | 'prediction'
  | 'basket'
  | 'profile'
  | 'cluster'
  | 'statistics'
  | 'recommendation'
  | 'scorecard'
  | 'lookalike'
  | 'uplift';

/** A sentence in both languages. */
export interface Statement extends Words {
  code: string;
}

/** A rule: baskets with the left side tend to have the right one. */
export interface BasketRule {
  left: string[];
  right: string;
  count: number;
  support: number;
  confidence: number;
  confidence_low: number;
  confidence_high: number;
  lift: number;
  leverage: number;
  /** Absent when nobody with the left side lacks the right one. */
  conviction: number | null;
  chi_squared: number;
  fisher_p: number;
  redundant: boolean;
  /** How the rule does in the baskets it is set against. */
  against?: { count: number; left: number; confidence: number; lift: number; p_adjusted: number };
}

/** What is bought together. */
export interface Basket {
  settings: { by: 'category' | 'product'; against?: 'before' | 'others' };
  baskets: number;
  items: number;
  itemsets: number;
  rules_found: number;
  others?: number;
  rules: BasketRule[];
  sets?: Record<
    'frequent' | 'closed' | 'maximal',
    { count: number; first: { items: string[]; count: number; support: number }[] }
  >;
  names?: string[];
  counts?: number[];
  lift?: number[][];
}

/** Who the people of a product, group or grade are. */
export interface Portrayal {
  settings: { of: string; value: string };
  rows: number;
  hits: number;
  rate: number;
  combinations_looked_at: number;
  rules_tested: number;
  rules_that_failed: number;
  rules: {
    size: number;
    rate: number;
    share: number;
    coverage: number;
    lift: number;
    lift_low: number;
    lift_high: number;
    p_adjusted: number;
  }[];
  sentences: Statement[] | null;
  segments: (GroupRule | null)[] | null;
}

/** Groups of buyers who are alike. */
export interface Clusters {
  settings: { k: number; measures?: string[]; method?: 'kmeans' | 'hierarchical' };
  /** How many buyers a tree was made of, and the distances of its last joins, the last one first. */
  sample?: number;
  heights?: number[];
  customers: number;
  k: number;
  stability: number;
  trials?: { k: number; silhouette: number; prediction_strength: number; is_proposed: boolean }[];
  portraits: {
    number: number;
    size: number;
    share: number;
    traits: { column: string; level?: string; mean: number; overall: number; effect: number }[];
  }[];
  names_ko: string[];
  names_en: string[];
}

/** Two categories, counted. */
export interface CrossTable {
  rows: string[];
  columns: string[];
  counts: number[][];
  residuals: number[][];
  n: number;
  chi_square: number;
  degrees: number;
  cramer_v: number;
  is_thin: boolean;
}

/** A number between groups. */
export interface GroupTest {
  groups: { name: string; n: number; mean: number; sd: number; median: number; low: number; high: number }[];
  statistic: number;
  p: number;
  rank_p: number;
  effect: number;
  superiority?: number;
}

/** The column of the question set against another one. */
export interface StatisticsPair {
  column: string;
  category_first: boolean;
  effect: number;
  effect_name: 'cramer_v' | 'omega_squared' | 'superiority' | 'spearman';
  strength: 'none' | 'small' | 'medium' | 'large';
  p: number;
  p_adjusted: number;
  statement: Statement;
  table?: CrossTable;
  groups?: GroupTest;
  correlation?: { n: number; pearson: number; low: number; high: number; spearman: number };
  bins?: { from: number; to: number; mean: number; count: number }[];
}

/** What one column of customers has to do with all others. */
export interface Statistics {
  settings: { column: string };
  customers: number;
  is_number: boolean;
  pairs: StatisticsPair[];
  by_chance: number;
  regression?: {
    n: number;
    r2: number;
    terms: {
      name: string;
      estimate: number;
      standard_error: number;
      p: number;
      low: number;
      high: number;
      beta: number;
      is_aliased?: boolean;
    }[];
  };
  terms_ko?: string[];
  terms_en?: string[];
}

interface Proposal {
  product: string;
  category?: string;
  because?: string;
}

/** What every customer may want next, and how well that was foretold. */
export interface Recommendation {
  customers: number;
  products: number;
  cut_on: string;
  compared: {
    customers: number;
    at: number;
    methods: {
      method: 'popular' | 'item_item' | 'factors';
      recall: number;
      ndcg: number;
      coverage: number;
      is_chosen: boolean;
    }[];
  };
  top: { product: string; category?: string; customers: number }[] | null;
  examples: { customer_id: number; offers: Proposal[] }[] | null;
  is_deployed: boolean;
}

/** Columns that can be asked about. */
export const statisticsColumns = [
  'grade',
  'sex',
  'age',
  'sido',
  'branch',
  'rfm_segment',
  'channel',
  'top_category',
  'orders',
  'revenue',
  'per_order',
  'recency_days',
  'known_days',
  'days_between',
  'categories',
  'discounts',
] as const;

/** What customers can be grouped by; the first five are the usual ones. */
export const clusterMeasures = [
  'recency_days',
  'orders',
  'per_order',
  'known_days',
  'categories',
  'revenue',
  'days_between',
  'orders_90_days',
  'revenue_90_days',
  'pieces',
  'discounts',
  'age',
] as const;

/** What the forms offer. */
export interface Choices {
  categories: string[];
  products: string[];
  grades: string[];
  events: { event: string; is_available: boolean; missing?: Words }[];
  attributes: { name: string; label_ko: string; label_en: string }[];
}

/** The named groups of RFM. */
export const rfmGroups = [
  'champion',
  'loyal',
  'promising',
  'new',
  'needs_attention',
  'at_risk',
  'dormant',
  'lost',
] as const;

/** Saved segments, to choose people by. */
export const segmentChoicesQuery = queryOptions({
  queryKey: ['segments'],
  queryFn: ({ signal }) => api.get<{ items: { id: number; name: string }[] }>('/api/segments', { signal }),
  staleTime: 60_000,
});

export const choicesQuery = queryOptions({
  queryKey: ['mining-choices'],
  queryFn: ({ signal }) => api.get<Choices>('/api/mining/choices', { signal }),
  staleTime: 60_000,
});
