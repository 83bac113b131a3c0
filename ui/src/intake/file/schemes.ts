// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

/** The names of the key schemes that exist, to be offered for key columns. */
export const schemesQuery = queryOptions({
  queryKey: ['key-schemes'],
  queryFn: async ({ signal }) => {
    const page = await api.get<Page<{ name: string; kind: string }>>('/api/key-schemes', { signal });
    return page.items.filter((scheme) => scheme.kind === 'declared').map((scheme) => scheme.name);
  },
  staleTime: 60_000,
  retry: false,
});
