// SPDX-License-Identifier: Apache-2.0
import { MutationCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api';
import { tellFault } from './faults';

/** The one cache of server state. Faults of changes are told in a toast unless the change handles them itself. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, fault) =>
        fault instanceof ApiError && fault.status >= 400 && fault.status < 500 ? false : count < 2,
      refetchOnWindowFocus: false,
    },
  },
  mutationCache: new MutationCache({
    onError: (fault, _variables, _context, mutation) => {
      if (!mutation.meta?.quiet) tellFault(fault);
    },
  }),
});
