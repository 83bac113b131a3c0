// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Label } from '@/app/label';
import type { Statement } from '../findingApi';

/** Events that can be foreseen. */
export type EventName = 'stops' | 'buys' | 'answers' | 'refuses' | 'returns';

/** What is foreseen, and how. */
export interface PredictionSettings {
  event: EventName;
  category?: string;
  product?: string;
  horizon_days: number;
  gap_days?: number;
  attributes?: string[];
  drop?: string[];
  keep?: string[];
  gain?: number;
  cost?: number;
  model?: string;
  deploy: boolean;
}

/** What one column adds to a score. */
export interface Reason {
  column: string;
  value: string;
  effect: number;
}

/** How a model did on customers it had not seen. */
export interface Evaluation {
  rows: number;
  positives: number;
  auc: number;
  auc_low: number;
  auc_high: number;
  log_loss: number;
  brier: number;
  ks: number;
  lift_10: number;
  calibration_slope: number;
  calibration_intercept: number;
  gains: { share: number; captured: number; lift: number; score: number }[];
  calibration: { rows: number; predicted: number; seen: number; low: number; high: number }[];
}

/** A family of models in cross-validation. */
export interface Crossed {
  family: string;
  auc: number;
  auc_folds: number[];
  behind: number;
  noise: number;
  log_loss: number;
  within_noise: boolean;
  is_proposed: boolean;
}

/** A column that was left out, or is used with a warning. */
export interface Notice {
  column: string;
  code: string;
  is_used: boolean;
  value?: number;
  held?: number;
}

/** Two models on the same customers. */
export interface Comparison {
  champion_auc: number;
  challenger_auc: number;
  difference: number;
  difference_low: number;
  difference_high: number;
  rows: number;
  yes: number;
}

/** How data differ from those that a model learned from. */
export interface Drift {
  rows: number;
  score: { psi: number };
  columns: { column: string; psi: number; verdict: string }[] | null;
  mean_score: number;
  rate_learned: number;
  rate_seen?: number;
  auc?: number;
}

/** Customers of one band of scores. */
export interface Band {
  band: 'high' | 'middle' | 'low';
  customers: number;
  mean_score: number;
}

/** What columns add to some scores, and where their values lie. */
export interface Effects {
  column: string;
  effect: number[];
  place?: number[];
  levels?: string[];
}

/** How the mean score moves with one column. */
export interface Dependence {
  column: string;
  kind: string;
  at?: number[];
  levels?: string[];
  score: number[];
  rows: number[];
}

export interface Study {
  model: string;
  target: { rows: number; yes: number };
  rows_learned: number;
  rows_tested: number;
  test: Evaluation;
  families: { model: string; auc: number; auc_low: number; auc_high: number; log_loss: number; lift_10: number }[];
  cross_validation?: Crossed[];
  cross_validation_rows?: number;
  notices: Notice[] | null;
  importance: { column: string; auc_loss: number; sd: number; mean_effect: number }[];
  effects?: Effects[];
  partial_dependence: Dependence[];
  profit?: { share: number; count: number; score: number; profit: number }[];
  best_cut?: { share: number; count: number; score: number; profit: number };
  statements: Statement[];
}

/** Who will leave, buy, answer…: the time line, the test, the scores. */
export interface Prediction {
  settings: PredictionSettings;
  learned_on: string;
  tested_on: string;
  scored_on: string;
  first_on: string;
  study: Study;
  scored: number;
  bands: Band[];
  best: { customer_id: number; score: number; reasons: Reason[] | null }[] | null;
  compared?: Comparison;
  currency: string;
  labels: Record<string, [string, string]>;
  is_deployed: boolean;
  is_challenger: boolean;
}

/** Who is like the members of a segment. */
export interface Lookalikes {
  settings: { segment_id: number; drop?: string[] };
  members: number;
  buyers: number;
  study: Study;
  others: number;
  found: { count: number; score: number; recall: number; lift: number }[];
  best: Prediction['best'];
  labels: Prediction['labels'];
}

/** What a model is, and where it must not be trusted. */
export interface ModelCard {
  settings: PredictionSettings;
  target: Label;
  model: string;
  learned_on: string;
  tested_on: string;
  scored_on: string;
  rows_learned: number;
  yes_rate: number;
  seed: number;
  data_seq: number;
  run_id?: number;
  test: Evaluation;
  columns: { name: string; label: Label; auc_loss?: number; warning?: string }[] | null;
  left_out?: { name: string; label: Label; code: string; auc?: number }[];
  limits: Label[];
  is_imported: boolean;
}

/** What a refresh of scores saw. */
export interface Monitor {
  at: string;
  scored_on: string;
  scored: number;
  now: Drift;
  seen_from?: string;
  past?: Drift;
  should_retrain: boolean;
  reasons: string[];
}

export type Schedule = 'daily' | 'weekly' | 'monthly' | 'never';

/** A model whose scores everybody sees. */
export interface ModelInUse {
  id: number;
  event: EventName;
  settings: PredictionSettings;
  field: string;
  champion: ModelCard;
  challenger?: ModelCard;
  compared?: Comparison;
  schedule: Schedule;
  scored_at?: string;
  latest?: Monitor;
  monitors?: Monitor[];
  run_id?: number;
}

/** What a model in use says of one customer. */
export interface CustomerScore {
  event: EventName;
  target: Label;
  score: number;
  share: number;
  decile: number;
  band: 'high' | 'middle' | 'low';
  reason: Label;
  scored_at?: string;
}

export const modelsQuery = queryOptions({
  queryKey: ['mining-models'],
  queryFn: ({ signal }) => api.get<{ items: ModelInUse[] | null }>('/api/mining/models', { signal }),
});

export const modelQuery = (event: string) =>
  queryOptions({
    queryKey: ['mining-models', event],
    queryFn: ({ signal }) =>
      api.get<ModelInUse>('/api/mining/models/{event}', { path: { event }, signal, background: true }),
    refetchInterval: 5000, // a run that was begun here or elsewhere changes it
  });

export const customerScoresQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', 'one', id, 'scores'],
    queryFn: ({ signal }) =>
      api.get<{ items: CustomerScore[] | null }>('/api/mining/customers/{id}/scores', { path: { id }, signal }),
  });

const path = (event: string) => ({ path: { event } });

/** Makes the challenger the champion. */
export const promote = (event: string) => api.post<ModelInUse>('/api/mining/models/{event}/promote', path(event));

/** Lets the challenger go. */
export const discard = (event: string) => api.delete<ModelInUse>('/api/mining/models/{event}/challenger', path(event));

/** Scores everybody anew and looks at the drift. */
export const refreshModel = (event: string) => api.post<ModelInUse>('/api/mining/models/{event}/refresh', path(event));

/** Takes the model out of use. */
export const stopModel = (event: string) => api.delete('/api/mining/models/{event}', path(event));

/** Changes how often scores are computed anew. */
export const scheduleModel = (event: string, schedule: Schedule) =>
  api.patch<ModelInUse>('/api/mining/models/{event}', { ...path(event), body: { schedule } });

/** Takes a model file in. */
export const importModel = (file: unknown) => api.post<ModelInUse>('/api/mining/models/import', { body: file });
