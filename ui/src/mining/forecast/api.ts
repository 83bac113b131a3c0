// SPDX-License-Identifier: Apache-2.0
import type { Label } from '@/app/label';
import type { Words } from '../run';
import type { SeriesAsk } from '../series';

/** One step to come, with the ranges in which it should lie. */
export interface Ahead {
  step: string;
  value: number;
  low_80: number;
  high_80: number;
  low_95: number;
  high_95: number;
}

/** The forecast of a region, a category, or both. */
export interface ForecastPart {
  names: string[];
  before: number;
  sum: number;
  base_sum: number;
  points: number[];
}

/** A continued series. */
export interface ForecastResult {
  settings: SeriesAsk & { horizon: number; by?: string[]; holidays?: boolean; promotions?: boolean };
  currency?: string;
  name?: string;
  series: { step: string; value: number }[];
  ahead: Ahead[];
  result: {
    method: string;
    model: string;
    notes?: (Label & { code: string })[];
    backtest?: {
      origins: number;
      errors: { mase: number; smape: number };
      naive_mase: number;
      covered: number[];
      held?: number[];
      paths?: { start: number; points: number[] }[];
      mae_by_step: number[];
    };
  };
  data_through: string;
  words: Words;
  effects?: (Label & { per_day: number; days_ahead: number })[];
  plain_mase?: number;
  parts?: ForecastPart[];
  reconcile?: 'mint' | 'ols';
  staff?: { step: string; calls: number; agents: number; level: number; agents_busy: number }[];
  stock?: { left: number; out?: string; early?: string };
}
