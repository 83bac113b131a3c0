// SPDX-License-Identifier: Apache-2.0
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import type { Page, Total } from '@/app/api';

/** What a page of rows is asked with; the cursor is known when the page before it is loaded. */
export interface PageAsk {
  offset: number;
  limit: number;
  cursor?: string;
  signal: AbortSignal;
}

interface RowPagesOptions<Row> {
  /** Everything that the rows depend on: filter, search, sort. */
  queryKey: QueryKey;
  fetch: (ask: PageAsk) => Promise<Page<Row>>;
  size?: number;
  /** The number of rows as far as it is known before the first page. */
  total?: Total;
}

/** Rows of a long list by their number. */
export interface RowPages<Row> {
  row: (index: number) => Row | undefined;
  rowCount: number;
  total: Total | undefined;
  onWindow: (first: number, last: number) => void;
  isLoading: boolean;
  fault: unknown;
  retry: () => void;
  /** Changes rows that are loaded, for optimistic edits. */
  patch: (change: (row: Row) => Row) => void;
}

const SETTLE = 70;

/** Loads the pages of a list that the window shows; calls for pages scrolled past are cancelled. */
export function useRowPages<Row>({ queryKey, fetch, size = 100, total: given }: RowPagesOptions<Row>): RowPages<Row> {
  const queries = useQueryClient();
  // Pages, not rows: the screen around the grid is drawn again only when another page is needed.
  const [range, setRange] = useState<[number, number]>([0, 0]);
  const [settled] = useDebouncedValue(range, SETTLE, { leading: true });
  const known = useRef<{ key: string; rows: number }>({ key: '', rows: 0 });
  const keyText = JSON.stringify(queryKey);
  if (known.current.key !== keyText) known.current = { key: keyText, rows: 0 };

  const numbers = [...new Set([0, ...pagesBetween(settled), ...pagesBetween(range)])];
  // The page after the shown ones is loaded as well, so that scrolling down meets no gap.
  const ahead = settled[1] + 1;
  if (ahead * size < known.current.rows && !numbers.includes(ahead)) numbers.push(ahead);
  const cached = (page: number) => queries.getQueryData<Page<Row>>([...queryKey, 'rows', page]);
  const results = useQueries({
    queries: numbers.map((page) => ({
      queryKey: [...queryKey, 'rows', page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        fetch({
          offset: page * size,
          limit: size,
          cursor: page > 0 ? cached(page - 1)?.next_cursor : undefined,
          signal,
        }),
      enabled: page === 0 || page === ahead || pagesBetween(settled).includes(page),
      staleTime: 30_000,
    })),
  });

  const loaded = new Map(numbers.map((page, i) => [page, results[i]?.data]));
  const total = loaded.get(0)?.total ?? given;
  for (const [page, data] of loaded) {
    if (!data) continue;
    const reached = page * size + data.items.length + (data.next_cursor ? 1 : 0);
    known.current.rows = Math.max(known.current.rows, reached);
  }
  if (total && !total.capped) known.current.rows = total.count;
  const failed = results.find((result) => result.isError);
  const patch = useCallback(
    (change: (row: Row) => Row) =>
      queries.setQueriesData<Page<Row>>({ queryKey: [...queryKey, 'rows'] }, (page) =>
        page ? { ...page, items: page.items.map(change) } : page,
      ),
    // The key is compared by its text: callers build it anew on each render.
    // oxlint-disable-next-line react/exhaustive-deps
    [queries, keyText],
  );

  return {
    row: (index) => loaded.get(Math.floor(index / size))?.items[index % size],
    rowCount: total && !total.capped ? total.count : Math.max(total?.count ?? 0, known.current.rows),
    total,
    onWindow: useCallback(
      (first, last) => {
        const next: [number, number] = [Math.floor(first / size), Math.floor(Math.max(first, last - 1) / size)];
        setRange((old) => (old[0] === next[0] && old[1] === next[1] ? old : next));
      },
      [size],
    ),
    isLoading: results[0]?.isPending ?? true,
    fault: failed?.error,
    retry: () => void failed?.refetch(),
    patch,
  };
}

function pagesBetween([from, to]: [number, number]): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
