// SPDX-License-Identifier: Apache-2.0
import { isCompared, type MeasuredCampaign, type Result } from '../api';

/** A campaign with its result, as the overview lists it. */
export interface Row {
  campaign: MeasuredCampaign;
  result: Result;
}

/** All measured campaigns together. */
export interface Totals {
  campaigns: number;
  sent: number;
  cost: number;
  /** Only of campaigns that could be compared: of the others nobody knows. */
  revenue: number;
  roi?: number;
  unsubscribed: number;
}

/** Adds up the campaigns; the return counts those only that could be compared and had a cost. */
export function totalsOf(rows: Row[]): Totals {
  const sum = (of: Row[], value: (row: Row) => number) => of.reduce((total, row) => total + value(row), 0);
  const compared = rows.filter(({ result }) => isCompared(result));
  const costed = compared.filter(({ result }) => result.cost.total > 0);
  const cost = sum(costed, ({ result }) => result.cost.total);
  const margin = sum(costed, ({ result }) => result.incremental_margin.value);
  return {
    campaigns: rows.length,
    sent: sum(rows, ({ result }) => result.sent),
    cost: sum(rows, ({ result }) => result.cost.total),
    revenue: sum(compared, ({ result }) => result.incremental_revenue.value),
    roi: cost > 0 ? (margin - cost) / cost : undefined,
    unsubscribed: sum(rows, ({ result }) => result.counts.unsubscribed),
  };
}
