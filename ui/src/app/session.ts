// SPDX-License-Identifier: Apache-2.0
import { queryOptions, useSuspenseQuery, type QueryClient } from '@tanstack/react-query';
import { api } from './api';
import type { Schema } from './apiTypes';

/** The signed-in person and what the product allows and shows them. */
export type Session = Schema<'TeamSession'>;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api.get('/api/session', { signal }),
  staleTime: 5 * 60_000,
  retry: false,
});

/** The session of the person on this page; only used below the shell, where it is loaded. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Tells whether a session holds a permission such as "customer:update". */
export function allows(session: Session, permission: string | undefined): boolean {
  if (!permission) return true;
  const [capability] = permission.split(':');
  return session.permissions.some((p) => p === permission || p === `${capability}:*` || p === '*' || p === '*:*');
}

/** Gives a function that tells whether the person may do something. */
export function useCan(): (permission: string | undefined) => boolean {
  const session = useSession();
  return (permission) => allows(session, permission);
}

/** Tells whether personal values are shown in clear right now. */
export function useUnmasked(): boolean {
  const { unmask_until: until } = useSession();
  return until !== undefined && new Date(until).getTime() > Date.now();
}

/** Signs in; the answer is the session. */
export async function signIn(queries: QueryClient, email: string, password: string): Promise<Session> {
  await api.post('/api/session', { body: { email, password } });
  return queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
}

/** Signs out and forgets everything that was loaded. */
export async function signOut(queries: QueryClient): Promise<void> {
  await api.delete('/api/session');
  queries.clear();
}

/** Shows personal values in clear for a while; the purpose goes into the access log. */
export async function unmask(queries: QueryClient, purpose: string): Promise<void> {
  await api.post('/api/session/unmask', { body: { purpose } });
  await queries.invalidateQueries();
}

/** Masks personal values again. */
export async function maskAgain(queries: QueryClient): Promise<void> {
  await api.delete('/api/session/unmask');
  await queries.invalidateQueries();
}
