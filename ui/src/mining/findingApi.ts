// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { GroupRule } from '@/shared/filter';

export type FindingKind = 'prediction' | 'basket' | 'profile' | 'cluster';

/** One computation over all customers, kept with what makes it repeatable. */
export interface Run<Result = unknown> {
  id: number;
  kind: string;
  state: 'running' | 'done' | 'failed';
  settings: Record<string, unknown>;
  seed: number;
  data_seq: number;
  result?: Result;
  problem?: string;
  job_id?: number;
  created_at: string;
  finished_at?: string;
}

/** A sentence in both languages. */
export interface Statement {
  code: string;
  ko: string;
  en: string;
}

/** What one column adds to a score. */
export interface Reason {
  column: string;
  value: string;
  effect: number;
}

/** How a model did on customers it had not seen. */
interface Evaluation {
  auc: number;
  auc_low: number;
  auc_high: number;
  log_loss: number;
  lift_10: number;
  gains: { share: number; captured: number; lift: number }[];
  calibration: { predicted: number; seen: number; low: number; high: number }[];
}

/** Who will leave or buy: the time line, the test, the scores. */
export interface Prediction {
  settings: { event: 'stops' | 'buys'; category?: string; horizon_days: number; deploy: boolean };
  learned_on: string;
  tested_on: string;
  scored_on: string;
  study: {
    model: string;
    target: { rows: number; yes: number };
    rows_learned: number;
    rows_tested: number;
    test: Evaluation;
    models?: unknown;
    families: { model: string; auc: number; log_loss: number; lift_10: number }[];
    cross_validation?: { family: string; auc: number; auc_sd: number; is_proposed: boolean }[];
    importance: { column: string; auc_loss: number; sd: number; mean_effect: number }[];
    statements: Statement[];
  };
  scored: number;
  bands: { band: 'high' | 'middle' | 'low'; customers: number; mean_score: number }[];
  best: { customer_id: number; score: number; reasons: Reason[] }[];
  drift?: { score: { psi: number }; should_retrain: boolean; reasons?: string[]; auc?: number };
  champion_auc?: number;
  is_deployed: boolean;
}

/** What is bought together. */
export interface Basket {
  baskets: number;
  items: number;
  itemsets: number;
  rules_found: number;
  rules: {
    left: string[];
    right: string;
    count: number;
    support: number;
    confidence: number;
    confidence_low: number;
    confidence_high: number;
    lift: number;
    fisher_p: number;
    redundant: boolean;
  }[];
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

/** What the forms offer. */
export interface Choices {
  categories: string[];
  products: string[];
  grades: string[];
}

export const choicesQuery = queryOptions({
  queryKey: ['mining-choices'],
  queryFn: ({ signal }) => api.get<Choices>('/api/mining/choices', { signal }),
  staleTime: 60_000,
});

export const runsQuery = (kind: FindingKind) =>
  queryOptions({
    queryKey: ['mining-runs', kind],
    queryFn: ({ signal }) => api.get<{ items: Run[] | null }>('/api/mining/runs', { query: { kind }, signal }),
  });

const POLL = 1000;

export const runQuery = <Result>(id: number | undefined) =>
  queryOptions({
    queryKey: ['mining-run', id],
    enabled: id !== undefined,
    queryFn: ({ signal }) =>
      api.get<Run<Result>>('/api/mining/runs/{id}', { path: { id: id ?? 0 }, background: true, signal }),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? POLL : false),
  });

/** Begins a run. */
export const startRun = (kind: FindingKind, settings: object) =>
  api.post<Run>('/api/mining/runs', { body: { kind, settings } });

interface Work {
  progress?: { done: number; total: number };
  done?: number;
  total?: number;
}

export const workQuery = (job: number | undefined) =>
  queryOptions({
    queryKey: ['mining-work', job],
    enabled: job !== undefined,
    queryFn: ({ signal }) => api.get<Work>('/api/jobs/{id}', { path: { id: job ?? 0 }, background: true, signal }),
    refetchInterval: POLL,
    retry: false,
  });

/** Stops the work of a run. */
export const cancelWork = (job: number) => api.post('/api/jobs/{id}/cancel', { path: { id: job } });
