// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, type Page } from '@/app/api';
import { useCan } from '@/app/session';

/** The names of the staff by id, as far as this person may see them. */
export function useOwners(): Map<number, string> {
  const can = useCan();
  const { data } = useQuery({
    queryKey: ['people', 'names'],
    queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/people', { signal }),
    enabled: can('team:read'),
    staleTime: 5 * 60_000,
    retry: false,
  });
  return useMemo(() => new Map(data?.items.map((person) => [person.id, person.name])), [data]);
}
