// SPDX-License-Identifier: Apache-2.0
import type { GroupRule } from '@/shared/filter';
import type { ColumnState } from '@/shared/grid';

/** What the address of the customer list keeps, so that every view of it is a link. */
export interface ListSearch {
  view?: number;
  q?: string;
  filter?: GroupRule;
  sort?: string;
  columns?: ColumnState[];
  peek?: number;
}

function isGroupRule(value: unknown): value is GroupRule {
  return typeof value === 'object' && value !== null && 'op' in value && 'rules' in value && Array.isArray(value.rules);
}

function isColumns(value: unknown): value is ColumnState[] {
  return (
    Array.isArray(value) && value.every((column) => typeof column === 'object' && column !== null && 'id' in column)
  );
}

/** Takes what it understands from an address and leaves out the rest. */
export function validateListSearch(search: Record<string, unknown>): ListSearch {
  const { view, q, filter, sort, columns, peek } = search;
  return {
    ...(typeof view === 'number' ? { view } : {}),
    ...(typeof q === 'string' || typeof q === 'number' ? { q: String(q) } : {}),
    ...(isGroupRule(filter) ? { filter } : {}),
    ...(typeof sort === 'string' && sort ? { sort } : {}),
    ...(isColumns(columns) && columns.length > 0 ? { columns } : {}),
    ...(typeof peek === 'number' ? { peek } : {}),
  };
}
