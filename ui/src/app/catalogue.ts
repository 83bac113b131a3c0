// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Catalogue, Choice, FieldType, FilterField, Operator } from '@/shared/filter';
import { api, type Page } from './api';
import { useLabel, type Label } from './label';
import { useCan } from './session';

interface ServerField {
  name: string;
  label: Label;
  kind: string;
  unit?: string;
  group?: Label;
  operators?: Operator[];
  values?: { value: string; label: Label }[];
}

interface ServerEvent {
  name: string;
  label: Label;
  fields: ServerField[];
  sums: ServerField[];
}

interface CubeRows {
  rows: (string | number | boolean | null)[][];
}

const types: Record<string, FieldType> = {
  text: 'text',
  choice: 'choice',
  integer: 'integer',
  id: 'integer',
  number: 'number',
  quantity: 'number',
  percent: 'number',
  money: 'money',
  boolean: 'boolean',
  date: 'date',
  time: 'date',
};

/** Years, months and weekdays of a date repeat what the date itself can be asked; only ages add something. */
const asked = (field: ServerField): boolean => !field.unit || field.unit === 'age';

const MOST_CHOICES = 300;

/** The values that a field really has, most frequent first, by way of the cube. */
async function choicesOf(dimension: string, measure: string): Promise<Choice[]> {
  const answer = await api.post<CubeRows>('/api/cube/query', {
    body: { measures: [measure], dimensions: [dimension], order: [{ by: measure, desc: true }], limit: MOST_CHOICES },
  });
  return answer.rows
    .map(([value]) => String(value ?? ''))
    .filter((value) => value !== '')
    .map((value) => ({ value, label: value }));
}

function fieldOf(
  field: ServerField,
  label: (label: Label | undefined) => string,
  cube: string | undefined,
): FilterField {
  const choices = field.values?.map((v) => ({ value: v.value, label: label(v.label) }));
  const dimension = /^(product|customer|order)\./.test(field.name) ? field.name : `${cube}.${field.name}`;
  return {
    name: field.name,
    label: label(field.label),
    type: types[field.kind] ?? 'text',
    group: field.group && label(field.group),
    choices,
    operators: field.operators,
    ...(cube && !choices && field.kind === 'choice'
      ? { loadChoices: () => choicesOf(dimension, cube === 'customer' ? 'customer.count' : 'order.count') }
      : {}),
  };
}

/** Everything that a rule may ask about a customer: values, behaviour, membership in segments. */
export function useCatalogue(): { catalogue: Catalogue | undefined; fault: unknown } {
  const label = useLabel();
  const can = useCan();
  const cube = can('cube:read');
  const { data: saved } = useQuery({
    queryKey: ['segments'],
    queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/segments', { signal }),
    enabled: can('segment:read'),
  });
  const { data, error } = useQuery({
    queryKey: ['segment-fields'],
    queryFn: ({ signal }) =>
      api.get<{ fields: ServerField[]; events: ServerEvent[] }>('/api/segments/fields', { signal }),
    enabled: can('segment:read'),
    staleTime: 60_000,
  });
  const catalogue = useMemo(
    () =>
      data && {
        fields: data.fields.filter(asked).map((f) => fieldOf(f, label, cube ? 'customer' : undefined)),
        events: data.events.map((e) => ({
          name: e.name,
          label: label(e.label),
          fields: e.fields.filter(asked).map((f) => fieldOf(f, label, cube ? 'order' : undefined)),
          sums: e.sums.map((f) => fieldOf(f, label, undefined)),
        })),
        segments: saved?.items ?? [],
      },
    [data, saved, label, cube],
  );
  return { catalogue, fault: error };
}
