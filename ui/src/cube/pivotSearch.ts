// SPDX-License-Identifier: Apache-2.0
import type { CubeQuery, Shape } from './api';

/** What the address of the pivot keeps, so that every pivot is a link. */
export interface PivotSearch {
  q?: CubeQuery;
  shape?: Shape;
  saved?: number;
}

const shapes: Shape[] = ['table', 'bar', 'line', 'heat', 'tree'];

/** The pivot that is shown first: revenue and buyers by region. */
export const firstQuery: CubeQuery = {
  measures: ['order.revenue', 'order.customers'],
  dimensions: ['customer.sido'],
  columns: [],
  period: { last: 12, unit: 'month' },
};

/** Takes what it understands from an address and leaves out the rest. */
export function validatePivotSearch(search: Record<string, unknown>): PivotSearch {
  const { q, shape, saved } = search;
  const isQuery = typeof q === 'object' && q !== null && 'measures' in q && Array.isArray(q.measures);
  return {
    ...(isQuery ? { q: q as CubeQuery } : {}),
    ...(shapes.includes(shape as Shape) ? { shape: shape as Shape } : {}),
    ...(typeof saved === 'number' ? { saved } : {}),
  };
}
