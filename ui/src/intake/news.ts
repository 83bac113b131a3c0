// SPDX-License-Identifier: Apache-2.0
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Page } from '@/app/api';
import { isActive, type Batch } from './api';

/** What the live stream tells of a batch. */
export type BatchNews = Partial<Batch> & { id: number };

/** Puts live news of a batch into the cache; when the work has ended, everything about it is asked anew. */
export function takeNews(queries: QueryClient, news: BatchNews): void {
  queries.setQueryData<Batch>(['batches', news.id], (old) => (old ? { ...old, ...news } : old));
  queries.setQueryData<InfiniteData<Page<Batch>>>(['batches', 'list'], (old) =>
    old
      ? {
          ...old,
          pages: old.pages.map((page) => ({
            ...page,
            items: page.items.map((batch) => (batch.id === news.id ? { ...batch, ...news } : batch)),
          })),
        }
      : old,
  );
  if (!news.state || !isActive(news.state)) void queries.invalidateQueries({ queryKey: ['batches'] });
}
