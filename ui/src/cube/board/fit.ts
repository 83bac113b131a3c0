// SPDX-License-Identifier: Apache-2.0
import { completeRules, type GroupRule, type Rule } from '@/shared/filter';
import type { CubeMeta, CubeQuery } from '../api';
import { splitLook } from '../looks';
import type { BoardContent, Tile } from './api';

/** What a tile asks when the board's period and filters are added to its question. */
export interface FittedQuery {
  query: CubeQuery;
  /** A condition of the board says nothing about this tile and was left out. */
  isPartly: boolean;
}

const fieldsOf = (rule: Rule): string[] =>
  'rules' in rule && Array.isArray(rule.rules)
    ? (rule.rules as Rule[]).flatMap(fieldsOf)
    : 'field' in rule && typeof rule.field === 'string'
      ? [rule.field]
      : [];

/** Adds the period and those filters of a board that a tile's measures can be asked by. */
export function fitted(tile: Tile, board: BoardContent, meta: CubeMeta | undefined): FittedQuery {
  const measures = tile.query.measures.map((name) => meta?.measures.find((m) => m.name === splitLook(name).base));
  const cubes = measures.map((m) => new Set([...(m?.cubes ?? []), ...(m?.has_people ? ['customer'] : [])]));
  const fits = (rule: Rule) =>
    fieldsOf(rule).every((field) => cubes.every((set) => set.has(field.split('.')[0] ?? '')));
  const rules = board.filters
    ? board.filters.op === 'and'
      ? (board.filters.rules as Rule[])
      : [board.filters as Rule]
    : [];
  const kept = rules.filter(fits);
  const own = tile.query.filters;
  const filters: GroupRule | undefined =
    kept.length > 0 || own ? ({ op: 'and', rules: [...(own ? [own] : []), ...kept] } as GroupRule) : undefined;
  return {
    query: {
      ...tile.query,
      period: tile.query.period ?? board.period,
      filters: completeRules(filters),
    },
    isPartly: kept.length < rules.length,
  };
}
