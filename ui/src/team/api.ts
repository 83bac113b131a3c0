// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';

export type Person = Schema<'TeamPerson'>;
export type Role = Schema<'TeamRole'>;
export type RoleDraft = Schema<'TeamRoleDraft'>;
export type Branch = Schema<'TeamBranch'>;
export type Token = Schema<'TeamToken'>;

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => api.get('/api/people', { signal }),
});

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => api.get('/api/roles', { signal }),
});

export const branchesQuery = queryOptions({
  queryKey: ['branches'],
  queryFn: ({ signal }) => api.get('/api/branches', { signal }),
});

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => api.get('/api/tokens', { signal }),
});

/** The label of a role in the person's language. */
export const roleLabel = (role: Role, language: string): string =>
  (language === 'ko' ? role.label_ko : role.label_en) || role.name;
