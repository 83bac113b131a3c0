// SPDX-License-Identifier: Apache-2.0
import type { CubeMeta } from '../api';
import type { BoardContent, FigureName, Tile } from './api';

/** Says a tile's title. */
type Say = (key: 'revenue') => string;

const figure = (name: FigureName, title: string, less_better = false): Tile => ({
  id: name,
  title,
  w: 3,
  h: 1,
  shape: 'number',
  figure: name,
  less_better,
  query: { measures: ['order.customers'] },
});

const number = (id: string, measure: string, title: string): Tile => ({
  id,
  title,
  w: 3,
  h: 1,
  shape: 'number',
  query: { measures: [measure] },
});

/** The executives' board that every installation has from the start. */
export function executiveBoard(meta: CubeMeta | undefined, say: Say): BoardContent {
  const t = say as (key: string) => string;
  const has = (measure: string) => meta?.measures.some((m) => m.name === measure) ?? false;
  const missing = (id: 'satisfaction' | 'complaints' | 'margin'): Tile => ({
    id,
    title: t(id),
    w: 3,
    h: 1,
    shape: 'missing',
    missing: id,
    query: { measures: ['order.revenue'] },
  });
  return {
    period: { last: 3, unit: 'month' },
    compare: 'previous_year',
    tiles: [
      number('revenue', 'order.revenue', t('revenue')),
      has('order.margin') ? number('margin', 'order.margin', t('margin')) : missing('margin'),
      number('active', 'order.customers', t('active')),
      number('new', 'order.new_customers', t('new')),
      figure('lost', t('lost'), true),
      figure('retention', t('retention')),
      figure('top_fifth', t('top_fifth'), true),
      figure('campaign_roi', t('campaign_roi')),
      {
        id: 'trend',
        title: t('trend'),
        w: 8,
        h: 3,
        shape: 'line',
        query: { measures: ['order.revenue'], dimensions: ['order.month'], period: { last: 13, unit: 'month' } },
      },
      {
        id: 'grade',
        title: t('grade'),
        w: 4,
        h: 3,
        shape: 'bar',
        query: { measures: ['order.revenue'], dimensions: ['customer.grade'] },
      },
      {
        id: 'category',
        title: t('category'),
        w: 6,
        h: 3,
        shape: 'pareto',
        query: { measures: ['order.revenue'], dimensions: ['product.category'], top: { n: 12, others: true } },
      },
      {
        id: 'region',
        title: t('region'),
        w: 6,
        h: 3,
        shape: 'tree',
        query: { measures: ['order.revenue'], dimensions: ['customer.sido'] },
      },
      missing('satisfaction'),
      missing('complaints'),
    ],
  };
}
