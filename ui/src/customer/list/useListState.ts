// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { completeRules, type GroupRule } from '@/shared/filter';
import type { ColumnState, Sort } from '@/shared/grid';
import { viewsQuery, type ListAsk, type SavedView, type ViewSettings } from '../api';
import { usualColumns } from '../fields';
import type { ListSearch } from '../listSearch';

const none: SavedView[] = [];
const usual: ColumnState[] = usualColumns.map((id) => ({ id }));
const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** What the list shows: the chosen view, and over it what the address says. */
export function useListState() {
  const search = useSearch({ from: '/shell/customers' });
  const navigate = useNavigate({ from: '/customers' });
  const { data } = useQuery(viewsQuery);
  const views = data?.items ?? none;
  const view = views.find((v) => v.id === search.view);
  const base: ViewSettings | undefined = view?.settings;

  const set = useCallback(
    (change: Partial<ListSearch>, replace = true) =>
      void navigate({ search: (old) => ({ ...old, ...change }), replace }),
    [navigate],
  );
  // An empty filter in the address means "none", against a view that has one.
  const filter = search.filter ? (search.filter.rules.length > 0 ? search.filter : undefined) : base?.filter;
  const sort = search.sort ?? base?.sort;
  const columns = search.columns ?? base?.columns ?? usual;
  const q = search.q ?? base?.q ?? '';
  const asked = JSON.stringify(completeRules(filter) ?? null);
  const ask = useMemo<ListAsk>(
    () => ({ q: q || undefined, filter: (JSON.parse(asked) as GroupRule | null) ?? undefined, sort }),
    [q, asked, sort],
  );
  const changed =
    !same(filter, base?.filter) ||
    !same(sort, base?.sort) ||
    !same(q, base?.q ?? '') ||
    !same(columns, base?.columns ?? usual);

  return {
    search,
    views,
    view,
    ask,
    filter,
    sort,
    columns,
    changed,
    settings: { q: q || undefined, filter, sort, columns } satisfies ViewSettings,
    set,
    setFilter: (next: GroupRule | undefined) =>
      set({ filter: next ?? (base?.filter ? { op: 'and', rules: [] } : undefined) }),
    setSort: (next: Sort) => set({ sort: next }),
    setColumns: (next: ColumnState[]) => set({ columns: next }),
    /** Goes to a view as it was saved. */
    openView: (id: number | undefined) => void navigate({ search: id === undefined ? {} : { view: id } }),
  };
}

export type ListState = ReturnType<typeof useListState>;
