// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';

export type Household = Schema<'HouseholdShown'>;
export type HouseholdDetail = Schema<'HouseholdDetail'>;
export type HouseholdMember = Schema<'HouseholdShownMember'>;
export type Kinship = Schema<'HouseholdKinship'>;
export type HouseholdPatch = Schema<'HouseholdPatch'>;

export const householdKey = ['households'] as const;

export const overviewQuery = queryOptions({
  queryKey: [...householdKey, 'overview'],
  queryFn: ({ signal }) => api.get('/api/households/overview', { signal }),
});

export const householdQuery = (id: number) =>
  queryOptions({
    queryKey: [...householdKey, 'one', id],
    queryFn: ({ signal }) => api.get('/api/households/{id}', { path: { id }, signal }),
  });

export const ofCustomerQuery = (id: number) =>
  queryOptions({
    queryKey: [...householdKey, 'of', id],
    queryFn: ({ signal }) => api.get('/api/customers/{id}/household', { path: { id }, signal }),
  });

export const confirmHousehold = (id: number) => api.post('/api/households/{id}/confirm', { path: { id } });
export const rejectHousehold = (id: number) => api.post('/api/households/{id}/reject', { path: { id } });
export const undoHousehold = (id: number, entryId: number) =>
  api.post('/api/households/{id}/undo', { path: { id }, body: { entry_id: entryId } });
export const changeHousehold = (id: number, patch: HouseholdPatch) =>
  api.patch('/api/households/{id}', { path: { id }, body: patch });
export const createHousehold = (people: number[]) => api.post('/api/households', { body: { customer_ids: people } });

/** The name of a household: what people call it, else its head. */
export function nameOf(household: Household, unnamed: string): string {
  if (household.name) return household.name;
  const head = household.members.find((member) => member.is_head) ?? household.members[0];
  return head?.full_name || unnamed;
}
