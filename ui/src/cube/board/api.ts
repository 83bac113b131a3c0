// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Label } from '@/app/label';
import type { GroupRule } from '@/shared/filter';
import type { Compare, CubeQuery, Period, Shape } from '../api';

/** The figures of whole customers that a tile may show. */
export type FigureName = 'active' | 'kept' | 'lost' | 'retention' | 'top_fifth' | 'campaign_roi';

/** One question with its picture and size: w twelfths wide, h rows high. */
export interface Tile {
  id: string;
  title: string;
  w: number;
  h: number;
  shape: Shape | 'number' | 'missing';
  query: CubeQuery;
  figure?: FigureName;
  target?: number;
  less_better?: boolean;
  /** Which data is missing, on tiles that say so. */
  missing?: 'satisfaction' | 'complaints' | 'margin';
}

export interface BoardContent {
  tiles: Tile[];
  period?: Period;
  compare?: Compare;
  filters?: GroupRule;
  refresh_seconds?: number;
}

export interface Board {
  id: number;
  name: string;
  owner_id: number;
  shared: boolean;
  content: BoardContent;
  version: number;
}

export interface Figure {
  name: FigureName;
  kind: string;
  now: number | null;
  before: number | null;
  about: Label;
  missing?: 'no_orders' | 'no_results' | 'not_allowed';
}

export const boardsQuery = queryOptions({
  queryKey: ['boards'],
  queryFn: ({ signal }) => api.get<Page<Board>>('/api/boards', { signal }),
});

export const figuresQuery = (period: Period, compare: Compare | undefined) =>
  queryOptions({
    queryKey: ['board-figures', period, compare],
    queryFn: ({ signal }) =>
      api.post<{ items: Figure[]; as_of: { seq: number; at: string } }>('/api/boards/figures', {
        body: { period, compare },
        signal,
      }),
    staleTime: 30_000,
  });

/** Saves a new board, or one's own when it has an id; tiles that only say what is missing are not kept. */
export const saveBoard = (board: Partial<Board> & { name: string; content: BoardContent }) =>
  api.put<Board>('/api/boards', {
    body: {
      id: board.id,
      name: board.name,
      shared: board.shared,
      version: board.version,
      content: { ...board.content, tiles: board.content.tiles.filter((tile) => tile.shape !== 'missing') },
    },
  });

export const deleteBoard = (id: number) => api.delete<void>('/api/boards/{id}', { path: { id } });
