// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '@/app/api';
import { currentLanguage } from '@/app/i18n';
import { useTranslation } from 'react-i18next';
import type { Catalogue, FieldType, FilterField, Operator } from '@/shared/filter';

interface Label {
  ko: string;
  en: string;
}

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
}

interface ServerCatalogue {
  fields: ServerField[];
  events: ServerEvent[];
  segments?: { id: number; name: string }[];
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

function fieldOf(field: ServerField, language: 'ko' | 'en'): FilterField {
  return {
    name: field.name,
    label: field.label[language],
    type: types[field.kind] ?? 'text',
    group: field.group?.[language],
    choices: field.values?.map((v) => ({ value: v.value, label: v.label[language] })),
    operators: field.operators,
  };
}

/** Everything that a segment may ask about: values of customers, what they did, other segments. */
export function useSegmentCatalogue(): { catalogue: Catalogue | undefined; fault: unknown } {
  const { i18n } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['segment-fields'],
    queryFn: ({ signal }) => api.get<ServerCatalogue>('/api/segments/fields', { signal }),
    staleTime: 60_000,
  });
  const language = i18n.language === 'en' ? 'en' : currentLanguage();
  const catalogue = useMemo(
    () =>
      data && {
        fields: data.fields.map((f) => fieldOf(f, language)),
        events: data.events.map((e) => ({
          name: e.name,
          label: e.label[language],
          fields: e.fields.map((f) => fieldOf(f, language)),
        })),
        segments: data.segments ?? [],
      },
    [data, language],
  );
  return { catalogue, fault: error };
}
