// SPDX-License-Identifier: Apache-2.0
import type { Label } from '@/app/label';
import type { GroupRule } from '@/shared/filter';
import type { Words } from '../run';
import type { ValueAsk } from './ValueSettings';

/** A fitted number with its standard error. */
export interface Parameter {
  name: string;
  value: number;
  standard_error?: number;
}

/** What the data cannot carry. */
export interface Problem {
  code: string;
  ko: string;
  en: string;
}

/** A fitted model of purchases or of their value. */
export interface Fit {
  model?: string;
  requested?: string;
  parameters: Parameter[] | null;
  log_likelihood: number;
  problems?: Problem[];
  correlation?: number;
  aic?: number;
  method?: 'gamma-gamma' | 'credibility' | 'common';
}

/** Actual against predicted, by number of purchases. */
export interface Bar {
  x: number;
  actual: number;
  predicted: number;
}

/** One stage of the life cycle. */
export interface StageRow {
  stage: string;
  label: Label;
  customers: number;
  revenue_year: number;
  value: number;
  average_value: number;
  kept: number;
  profit: number;
  stays: number;
  lifetime: number;
  rules: GroupRule;
}

/** Customers by the month of the first purchase. */
export interface Cohort {
  period: number;
  customers: number;
  active: number[];
  revenue: number[];
}

/** What a value run found. */
export interface ValueResult {
  settings: ValueAsk;
  at: string;
  from: string;
  data_through: string;
  currency: string;
  customers: number;
  purchases: number;
  model: Fit;
  spend: Fit;
  holdout?: {
    length: number;
    actual: number;
    predicted: number;
    mae: number;
    rmse: number;
    correlation: number;
    by_frequency: (Bar & { customers: number })[] | null;
    tracking: { time: number; actual: number; predicted: number }[] | null;
  };
  frequencies: Bar[];
  alive: number[];
  totals: { alive: number; expected: number; value: number; top_20_share: number; due_soon: number };
  tenths: { customers: number; least: number; value: number; share: number }[];
  stages: StageRow[];
  moves: number[][];
  stage_names: string[];
  compared_on: string;
  cohorts: Cohort[];
  first_month: string;
  gaps: { days: number; count: number }[];
  median_gap_days: number;
  retention: {
    before: number;
    kept: number;
    rate: number;
    revenue_per_buyer: number;
    buyers: number;
    purchases: number;
    top: number;
    top_revenue: number;
    loss_of_five_percent: number;
  };
  // Runs of earlier versions lack the next three.
  survival?: {
    silence_days: number;
    customers: number;
    left: number;
    median_days: number;
    points: { days: number; at_risk: number; share: number; low: number; high: number }[];
  };
  acquire?: { prospects: number; won: number; cost: number; lifetime: number; profit: number };
  family?: {
    introducers: number;
    introduced: number;
    referral_value: number;
    referral_share: number;
    households: number;
    members: number;
    household_value: number;
    best_household: number;
  };
  words: Words;
}
