// SPDX-License-Identifier: Apache-2.0
import { shapes, type CubeQuery, type PivotSettings, type Shape, type Tint } from './api';

/** What the address of the pivot keeps, so that every pivot is a link. */
export interface PivotSearch extends PivotSettings {
  q?: CubeQuery;
  saved?: number;
}

/** The pivot that is shown first: revenue and buyers by region. */
export const firstQuery: CubeQuery = {
  measures: ['order.revenue', 'order.customers'],
  dimensions: ['customer.sido'],
  columns: [],
  period: { last: 12, unit: 'month' },
};

const tints: Tint[] = ['heat', 'bars', 'none'];

/** Takes what it understands from an address and leaves out the rest. */
export function validatePivotSearch(search: Record<string, unknown>): PivotSearch {
  const { q, shape, saved, tint, spark } = search;
  const isQuery = typeof q === 'object' && q !== null && 'measures' in q && Array.isArray(q.measures);
  return {
    ...(isQuery ? { q: q as CubeQuery } : {}),
    ...(shapes.includes(shape as Shape) ? { shape: shape as Shape } : {}),
    ...(tints.includes(tint as Tint) ? { tint: tint as Tint } : {}),
    ...(spark === true ? { spark } : {}),
    ...(typeof saved === 'number' ? { saved } : {}),
  };
}
