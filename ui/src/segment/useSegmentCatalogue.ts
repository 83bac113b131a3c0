// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '@/app/api';
import { useLabel, type Label } from '@/app/label';
import { segmentsQuery } from './api';
import type { Catalogue, FieldType, FilterField, Operator } from '@/shared/filter';

interface ServerField {
  name: string;
  label: Label;
  kind: string;
  group?: Label;
  operators?: Operator[];
  values?: { value: string; label: Label }[];
}

interface ServerEvent {
  name: string;
  label: Label;
  fields: ServerField[];
  sums: ServerField[];
  different: ServerField[];
}

interface ServerCatalogue {
  fields: ServerField[];
  events: ServerEvent[];
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

/** Quantities are thousandths and shares are fractions of one in the API. */
const scales: Record<string, number> = { quantity: 1000, percent: 0.01 };

function fieldOf(field: ServerField, label: (label: Label | undefined) => string): FilterField {
  return {
    name: field.name,
    label: label(field.label),
    type: types[field.kind] ?? 'text',
    group: field.group && label(field.group),
    choices: field.values?.map((v) => ({ value: v.value, label: label(v.label) })),
    operators: field.operators,
    scale: scales[field.kind],
  };
}

/** Everything that a segment may ask about: values of customers, what they did, other segments. */
export function useSegmentCatalogue(): { catalogue: Catalogue | undefined; fault: unknown } {
  const label = useLabel();
  const { data: saved } = useQuery(segmentsQuery);
  const { data, error } = useQuery({
    queryKey: ['segment-fields'],
    queryFn: ({ signal }) => api.get<ServerCatalogue>('/api/segments/fields', { signal }),
    staleTime: 60_000,
  });
  const catalogue = useMemo(
    () =>
      data && {
        fields: data.fields.map((f) => fieldOf(f, label)),
        events: data.events.map((e) => ({
          name: e.name,
          label: label(e.label),
          fields: e.fields.map((f) => fieldOf(f, label)),
          sums: e.sums.map((f) => fieldOf(f, label)),
          different: e.different.map((f) => fieldOf(f, label)),
        })),
        segments: saved?.items ?? [],
      },
    [data, saved, label],
  );
  return { catalogue, fault: error };
}
