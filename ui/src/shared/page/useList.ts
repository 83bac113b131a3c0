// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { api, type CallOptions, type Page, type Total } from '@/app/api';

/** A list that grows page by page. */
export interface List<Item> {
  items: Item[];
  total: Total | undefined;
  isPending: boolean;
  fault: unknown;
  retry: () => void;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

interface ListOptions {
  queryKey: QueryKey;
  path: string;
  options?: Pick<CallOptions, 'path' | 'query'>;
  limit?: number;
  enabled?: boolean;
  refetchInterval?: number | false;
}

/** Loads a list of the API that is paged by cursor; for lists of hundreds of rows, the grid is for more. */
export function useList<Item>({
  queryKey,
  path,
  options,
  limit = 50,
  enabled,
  refetchInterval,
}: ListOptions): List<Item> {
  const result = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal, client, queryKey: key }) =>
      api.get<Page<Item>>(path, {
        ...options,
        query: { ...options?.query, cursor: pageParam, limit },
        signal,
        // What is asked again by a timer is no sign that a person is there.
        background: Boolean(refetchInterval) && client.getQueryData(key) !== undefined,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor || undefined,
    enabled,
    refetchInterval,
  });
  return {
    items: result.data?.pages.flatMap((page) => page.items) ?? [],
    total: result.data?.pages[0]?.total,
    isPending: result.isPending && enabled !== false,
    fault: result.error,
    retry: () => void result.refetch(),
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    loadMore: () => void result.fetchNextPage(),
  };
}
