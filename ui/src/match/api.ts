// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

export type RunState = 'queued' | 'running' | 'done' | 'cancelled' | 'failed' | 'undoing' | 'undone';
export type Phase = 'wait' | 'read' | 'score' | 'plan' | 'link' | 'index' | 'end';

/** Pairs of one band of match weights, and how many of them the model expects to be one person. */
export interface Bin {
  weight: number;
  pairs: number;
  expected: number;
}

/** One run over the customer base. */
export interface Run {
  id: number;
  state: RunState;
  phase: Phase;
  person_id: number;
  model_id: number;
  settings: { train: boolean; review_only?: boolean };
  figures: {
    records: number;
    customers: number;
    candidates: number;
    planned: number;
    review: number;
    conflicts: number;
    link_at: number;
    review_at: number;
    precision: number;
    recall: number;
    largest: number;
    seconds: number;
    histogram?: Bin[];
  };
  merged: number;
  skipped: number;
  undone: number;
  error?: string;
  created_at: string;
  finished_at?: string;
  undone_at?: string;
  progress_done: number;
  progress_total: number;
}

export const isActive = (run: Run) => ['queued', 'running', 'undoing'].includes(run.state);

/** One outcome of a comparison; level 0 is a missing value. */
export interface Level {
  label: string;
  m: number;
  u: number;
  frequency_weight?: number;
}

export interface Comparison {
  name: string;
  levels: Level[];
}

/** What a run will do, told before it starts. */
export interface Cost {
  records: number;
  sampled: number;
  columns: { name: string; kind: string; filled: number }[];
  rules: { label: string; pairs: number }[];
  pairs: number;
  seconds: number;
}

/** A saved model with its thresholds. */
export interface Model {
  id: number;
  reason: 'run' | 'edit' | 'import' | 'decisions';
  spec: {
    model: { lambda: number; comparisons: Comparison[] };
    kinds: string[];
    rules: { label: string; pairs: number; skipped: number }[];
    records: number;
  };
  link_at: number;
  review_at: number;
  is_tuned: boolean;
  created_at: string;
  created_by: number;
}

/** Two customers that may be one person. */
export interface Pair {
  id: number;
  low_id: number;
  high_id: number;
  weight: number;
  pattern: string;
  remark?: string;
  state: string;
  created_at: string;
}

export interface Step {
  field: string;
  left?: string;
  right?: string;
  level: number;
  label: string;
  weight: number;
}

interface CustomerFace {
  id: number;
  full_name: string;
  grade?: string;
  branch?: string;
  joined_on?: string;
  record_count: number;
}

export interface Side {
  customer: CustomerFace;
  records: { id: number; source: string; received_at: string; is_compared: boolean }[];
  stake: { orders: number; consents?: { channel: string; is_grant: boolean }[] };
}

/** A pair with all that a person needs to decide. */
export interface PairDetail extends Pair {
  probability: number;
  prior: number;
  left: Side;
  right: Side;
  steps: Step[] | null;
  conflict?: string;
}

export interface Decision {
  id: number;
  pair_id: number;
  group_id?: number;
  low_id: number;
  high_id: number;
  weight: number;
  decision: 'same' | 'different' | 'later';
  via: string;
  decided_at: string;
  decided_by: number;
  undone_at?: string;
}

export interface PatternGroup {
  pattern: string;
  model_id: number;
  pairs: number;
  least: number;
  most: number;
}

interface Estimate {
  value: number;
  low: number;
  high: number;
}

/** What people's decisions say about the links. */
export interface Quality {
  run_id: number;
  link_at: number;
  decisions: number;
  same: number;
  precision: Estimate;
  recall: Estimate;
  strata: { from: number; to: number; pairs: number; expected: number; decided: number; same: number }[];
}

/** Which pairs of the queue. */
export interface PairAsk {
  state?: string;
  order?: string;
  remark?: string;
  pattern?: string;
  customer_id?: number;
}

const soon = 1500;

export const runsQuery = queryOptions({
  queryKey: ['match', 'runs'],
  queryFn: ({ signal, client }) =>
    api.get<Page<Run>>('/api/match/runs', {
      query: { limit: 50 },
      signal,
      background: client.getQueryData(['match', 'runs']) !== undefined,
    }),
  refetchInterval: (query) => (query.state.data?.items.some(isActive) ? soon : false),
});

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['match', 'runs', id],
    queryFn: ({ signal, client }) =>
      api.get<Run>('/api/match/runs/{id}', {
        path: { id },
        signal,
        background: client.getQueryData(['match', 'runs', id]) !== undefined,
      }),
    refetchInterval: (query) => (query.state.data && isActive(query.state.data) ? soon : false),
  });

export const modelQuery = queryOptions({
  queryKey: ['match', 'model'],
  queryFn: ({ signal }) => api.get<Model>('/api/match/model', { signal }),
  retry: false,
});

export const modelsQuery = queryOptions({
  queryKey: ['match', 'models'],
  queryFn: ({ signal }) => api.get<{ items: Model[] }>('/api/match/models', { signal }),
});

export const qualityQuery = (linkAt?: number) =>
  queryOptions({
    queryKey: ['match', 'quality', linkAt],
    queryFn: ({ signal }) => api.get<Quality>('/api/match/quality', { query: { link_at: linkAt }, signal }),
  });

export const costQuery = (saved: boolean) =>
  queryOptions({
    queryKey: ['match', 'estimate', saved],
    queryFn: ({ signal }) => api.get<Cost>('/api/match/estimate', { query: { saved }, signal }),
    staleTime: 60_000,
    retry: false,
  });

export const pairsQuery = (ask: PairAsk) =>
  queryOptions({
    queryKey: ['match', 'pairs', ask],
    queryFn: ({ signal }) => api.get<Page<Pair>>('/api/match/pairs', { query: { ...ask, limit: 100 }, signal }),
    staleTime: Infinity,
  });

export const pairQuery = (id: number) =>
  queryOptions({
    queryKey: ['match', 'pair', id],
    queryFn: ({ signal }) => api.get<PairDetail>('/api/match/pairs/{id}', { path: { id }, signal }),
    staleTime: 60_000,
  });

export const patternsQuery = queryOptions({
  queryKey: ['match', 'patterns'],
  queryFn: ({ signal }) => api.get<{ items: PatternGroup[] | null }>('/api/match/patterns', { signal }),
});

export const startRun = (settings: { train: boolean; review_only?: boolean }) =>
  api.post<Run>('/api/match/runs', { body: settings });

export const cancelRun = (id: number) => api.post<Run>('/api/match/runs/{id}/cancel', { path: { id } });

export const undoRun = (id: number) => api.post<Run>('/api/match/runs/{id}/undo', { path: { id } });

export const decidePair = (id: number, decision: 'same' | 'different' | 'later') =>
  api.post<Decision>('/api/match/pairs/{id}/decide', { path: { id }, body: { decision } });

export const decidePattern = (pattern: string, decision: 'same' | 'different', expected: number) =>
  api.post<{ decided: number; decision: Decision }>('/api/match/patterns/decide', {
    body: { pattern, decision, expected },
  });

export const undoDecision = (id: number) => api.post<Decision>('/api/match/decisions/{id}/undo', { path: { id } });

export const changeModel = (change: {
  base_id: number;
  link_at?: number;
  review_at?: number;
  lambda?: number;
  comparisons?: Comparison[];
  follow_run?: boolean;
}) => api.patch<Model>('/api/match/model', { body: change });

export const retrainModel = () => api.post<Model>('/api/match/model/retrain');

export const importModel = (file: unknown) => api.post<Model>('/api/match/model/file', { body: file });

/** The probability of a match weight in bits. */
export const probability = (weight: number) => 1 / (1 + 2 ** -weight);
