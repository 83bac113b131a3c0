// SPDX-License-Identifier: Apache-2.0
import { completeRules, type GroupRule } from '@/shared/filter';
import type { CubeQuery } from './api';

/** The question as it is sent: complete conditions only, with all totals. */
export function askedQuery(query: CubeQuery): CubeQuery {
  return { ...query, filters: completeRules(query.filters), totals: ['rows', 'columns', 'grand'] };
}

/** Narrows a question by more conditions. */
export function withFilters(query: CubeQuery, rules: GroupRule['rules']): CubeQuery {
  const have = query.filters;
  return {
    ...query,
    filters: { op: 'and', rules: [...(have?.op === 'and' ? have.rules : have ? [have] : []), ...rules] },
  };
}
