// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api';

/** A customer as far as a picker needs to know. */
export interface PickedCustomer {
  id: number;
  full_name: string;
  hint?: string;
}

interface CustomerPickerProps {
  label?: string;
  ariaLabel?: string;
  placeholder?: string;
  value: PickedCustomer | undefined;
  onChange: (customer: PickedCustomer | undefined) => void;
  width?: number | string;
  /** Left out of what is found. */
  except?: number;
  autoFocus?: boolean;
}

/** Finds one customer by name, initial consonants, phone digits, e-mail or any key. */
export function CustomerPicker({
  label,
  ariaLabel,
  placeholder,
  value,
  onChange,
  width,
  except,
  autoFocus,
}: CustomerPickerProps) {
  const { t } = useTranslation('app');
  const [text, setText] = useState('');
  const [query] = useDebouncedValue(text.trim(), 150);
  const { data } = useQuery({
    queryKey: ['customers', 'suggest', query],
    queryFn: ({ signal }) =>
      api.get<{ items: PickedCustomer[] }>('/api/customers/suggest', { query: { q: query }, signal }),
    enabled: query !== '' && query !== value?.full_name,
    placeholderData: (old) => old,
  });
  const found = (data?.items ?? []).filter((customer) => customer.id !== except);
  const known = value && !found.some((customer) => customer.id === value.id) ? [value, ...found] : found;
  return (
    <Select
      label={label}
      aria-label={ariaLabel ?? label}
      placeholder={placeholder ?? t('pick.customer')}
      w={width}
      searchable
      clearable
      data-autofocus={autoFocus}
      data={known.map((customer) => ({ value: String(customer.id), label: customer.full_name }))}
      value={value ? String(value.id) : null}
      searchValue={text}
      onSearchChange={setText}
      // The server has chosen already: names may be found by what they do not show.
      filter={({ options }) => options}
      nothingFoundMessage={query ? t('palette.empty') : undefined}
      renderOption={({ option }) => {
        const hint = known.find((customer) => String(customer.id) === option.value)?.hint;
        return (
          <span>
            {option.label} {hint && <span className="dim">{hint}</span>}
          </span>
        );
      }}
      onChange={(id) => onChange(known.find((customer) => String(customer.id) === id))}
    />
  );
}
