// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';

/** A customer as the search suggests it. */
export interface Suggestion {
  id: number;
  full_name: string;
  hint?: string;
}

interface CustomerPickerProps {
  label: string;
  value: number | undefined;
  /** The name of the chosen customer, when it was not found here. */
  chosenName?: string;
  onChange: (id: number | undefined) => void;
  /** Left out of the suggestions. */
  except?: number;
  autoFocus?: boolean;
}

/** Finds one customer by name, initial consonants, phone, e-mail or any key. */
export function CustomerPicker({ label, value, chosenName, onChange, except, autoFocus }: CustomerPickerProps) {
  const { t } = useTranslation('customer');
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 140);
  const { data, isFetching } = useQuery({
    queryKey: ['customers', 'suggest', q],
    queryFn: ({ signal }) => api.get<{ items: Suggestion[] }>('/api/customers/suggest', { query: { q }, signal }),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
  });
  const found = (data?.items ?? []).filter((one) => one.id !== except);
  const labelOf = (one: Suggestion) => [one.full_name, one.hint, `#${one.id}`].filter(Boolean).join(' · ');
  const options = found.map((one) => ({ value: String(one.id), label: labelOf(one) }));
  if (value !== undefined && !found.some((one) => one.id === value)) {
    options.unshift({ value: String(value), label: labelOf({ id: value, full_name: chosenName ?? '' }) });
  }
  return (
    <Select
      label={label}
      placeholder={t('picker.placeholder')}
      data={options}
      value={value === undefined ? null : String(value)}
      onChange={(id) => onChange(id === null ? undefined : Number(id))}
      searchable
      clearable
      filter={(input) => input.options}
      onSearchChange={setText}
      nothingFoundMessage={q ? (isFetching ? t('picker.searching') : t('picker.none')) : t('picker.type')}
      data-autofocus={autoFocus}
    />
  );
}
