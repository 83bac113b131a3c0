// SPDX-License-Identifier: Apache-2.0
import { infiniteQueryOptions, keepPreviousData, queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Schema } from '@/app/apiTypes';
import type { GroupRule } from '@/shared/filter';
import type { ColumnState, PageAsk } from '@/shared/grid';

/** The value of a field of a customer. */
export type Value = string | number | boolean | null;

/** One row of the customer list: the golden row. Personal values come masked unless the person unmasked them. */
export type CustomerRow = Omit<Schema<'CustomerRow'>, 'attributes'> & { attributes?: Record<string, Value> };

/** Everything that the customer page shows above its tabs. */
export type Customer = CustomerRow & Omit<Schema<'CustomerDetail'>, keyof CustomerRow>;

export type CustomerRecord = Schema<'CustomerShownRecord'>;
export type CustomerKey = Schema<'CustomerShownKey'>;
export type Relation = Schema<'CustomerRelation'>;
export type SuggestedRelation = Schema<'CustomerSuggestedRelation'>;
export type TimelineItem = Schema<'CustomerTimelineItem'>;
export type Attribute = Schema<'CustomerAttribute'>;

/** Filter, sort and columns of a list under a name. */
export type SavedView = Omit<Schema<'CustomerShownView'>, 'settings'> & { settings: ViewSettings };

export interface ViewSettings {
  q?: string;
  filter?: GroupRule;
  sort?: string;
  columns?: ColumnState[];
}

/** What chooses the rows of the list. */
export interface ListAsk {
  q?: string;
  filter?: GroupRule;
  sort?: string;
}

/** Asks for the rows at a place of the list; the cursor of the page before makes it exact. */
export function listCustomers(ask: ListAsk, { offset, limit, cursor, signal }: PageAsk): Promise<Page<CustomerRow>> {
  if (cursor || offset === 0) {
    return api.get<Page<CustomerRow>>('/api/customers', { query: { ...ask, cursor, limit }, signal });
  }
  return api.get<Page<CustomerRow>>('/api/customers/window', { query: { ...ask, offset, limit }, signal });
}

export const listKey = (ask: ListAsk) => ['customers', 'list', ask] as const;

/** The exact number of customers that match, which may take longer than the list. */
export const countQuery = (ask: ListAsk) =>
  queryOptions({
    queryKey: ['customers', 'count', ask],
    queryFn: ({ signal }) => api.get('/api/customers/count', { query: { q: ask.q, filter: ask.filter }, signal }),
    staleTime: 60_000,
  });

export const customerQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', 'one', id],
    queryFn: ({ signal }) => api.get<Customer>('/api/customers/{id}', { path: { id }, signal }),
    enabled: id > 0,
  });

export const suggestedRelationsQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', 'suggested relations', id],
    queryFn: ({ signal }) =>
      api.get<Page<SuggestedRelation>>('/api/customers/{id}/relations/suggested', { path: { id }, signal }),
  });

export const recordsQuery = (id: number) =>
  queryOptions({
    queryKey: ['customers', 'one', id, 'records'],
    queryFn: ({ signal }) => api.get<Page<CustomerRecord>>('/api/customers/{id}/records', { path: { id }, signal }),
  });

/** The timeline; only some capabilities when any are named. */
export const timelineQuery = (id: number, capabilities: string[], limit: number) =>
  infiniteQueryOptions({
    queryKey: ['customers', 'one', id, 'timeline', capabilities, limit],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<TimelineItem>>('/api/customers/{id}/timeline', {
        path: { id },
        query: { capabilities: capabilities.join(','), cursor: pageParam, limit },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const attributesQuery = queryOptions({
  queryKey: ['attributes'],
  queryFn: ({ signal }) => api.get<Page<Attribute>>('/api/attributes', { signal }),
  staleTime: 60_000,
});

export const viewsQuery = queryOptions({
  queryKey: ['views', 'customer'],
  queryFn: ({ signal }) => api.get<Page<SavedView>>('/api/views', { query: { entity: 'customer' }, signal }),
  staleTime: 60_000,
});

/** A change of a customer; the journal entry is what "undo" takes back. */
export type Changed = CustomerRow & { entry_id?: number };

/** Changes fields of a customer; custom attributes as "attr.<name>". */
export function updateCustomer(id: number, fields: Record<string, Value>, version: number): Promise<Changed> {
  return api.patch<Changed>('/api/customers/{id}', { path: { id }, body: { ...fields, version } });
}

export const undoChange = (id: number, entryId: number) =>
  api.post<Changed>('/api/customers/{id}/undo', { path: { id }, body: { entry_id: entryId } });

export const createCustomer = (fields: Record<string, Value | number[]>) =>
  api.post<CustomerRow>('/api/customers', { body: fields });

/** A customer who may be the one being typed. */
export interface Alike {
  customer: CustomerRow;
  probability: number;
}

/** Who of the known customers the typed values may belong to; nobody hidden from the person is among them. */
export const alikeQuery = (fields: Record<string, string>) =>
  queryOptions({
    queryKey: ['customers', 'alike', fields],
    queryFn: ({ signal }) => api.post<{ items: Alike[] }>('/api/match/find', { body: { fields, limit: 3 }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const pinValue = (
  id: number,
  field: string,
  choice: { record_id: number } | { value: Value } | { record_id: null },
) => api.post<Customer>('/api/customers/{id}/pin', { path: { id }, body: { field, ...choice } });

/** Which customer stays and which values of the other one are kept all the same. */
export interface MergeAsk {
  survivor_id: number;
  other_id: number;
  /** Fields whose value is taken from the other customer, whatever the rules say. */
  choose: string[];
}

export const mergeCustomers = (ask: MergeAsk) => api.post<Customer>('/api/customers/merge', { body: ask });

/** What the merge would give, without doing it. */
export const mergePreviewQuery = (ask: MergeAsk) =>
  queryOptions({
    queryKey: ['customers', 'merge-preview', ask],
    queryFn: ({ signal }) => api.post<CustomerRow>('/api/customers/merge/preview', { body: ask, signal }),
    enabled: ask.survivor_id > 0 && ask.other_id > 0 && ask.survivor_id !== ask.other_id,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const separateRecords = (id: number, recordIds: number[]) =>
  api.post<Customer>('/api/customers/{id}/unmerge', { path: { id }, body: { record_ids: recordIds } });

/** Puts a changed row into every list and page that shows it; emptied fields are absent from it. */
export function spread(queries: QueryClient, row: CustomerRow): void {
  queries.setQueriesData<Page<CustomerRow>>({ queryKey: ['customers', 'list'] }, (page) =>
    page ? { ...page, items: page.items.map((item) => (item.id === row.id ? row : item)) } : page,
  );
  void queries.invalidateQueries({ queryKey: ['customers', 'one', row.id] });
}
