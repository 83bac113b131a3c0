// SPDX-License-Identifier: Apache-2.0
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api';
import { tellFault } from './faults';

let leave: () => void = () => undefined;

/** Says what to do when the server no longer knows who is signed in. */
export function whenSignedOut(then: () => void): void {
  leave = then;
}

function isSignedOut(fault: unknown): boolean {
  if (!(fault instanceof ApiError) || fault.status !== 401) return false;
  leave();
  return true;
}

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
  queryCache: new QueryCache({ onError: isSignedOut }),
  mutationCache: new MutationCache({
    onError: (fault, _variables, _context, mutation) => {
      if (!mutation.meta?.quiet && !isSignedOut(fault)) tellFault(fault);
    },
  }),
});
