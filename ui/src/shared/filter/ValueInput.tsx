// SPDX-License-Identifier: Apache-2.0
import { MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { FilterField, Operator, RuleValue } from './rules';

interface ValueInputProps {
  field: Pick<FilterField, 'type' | 'choices' | 'label'> & Partial<Pick<FilterField, 'name' | 'loadChoices' | 'scale'>>;
  is: Operator;
  value: RuleValue | undefined;
  onChange: (value: RuleValue) => void;
  autoFocus?: boolean;
}

interface OneProps extends Omit<ValueInputProps, 'is'> {
  label: string;
}

const PER_CENT = 0.01;
const EXACT = 12; // digits that survive 0.07 / 0.01

/** A number of the API as it is shown, and back; quantities are thousandths, shares per cent. */
export const onScreen = (value: number, scale: number) => Number((value / scale).toPrecision(EXACT));
const fromScreen = (value: number, scale: number) => Number((value * scale).toPrecision(EXACT));

function One({ field, value, onChange, label, autoFocus }: OneProps) {
  const shared = { 'aria-label': label, 'data-autofocus': autoFocus, style: { minWidth: 110, flex: 1 } };
  if (field.type === 'date') {
    return <DateInput {...shared} value={value ? String(value) : null} onChange={(day) => onChange(day ?? '')} />;
  }
  if (field.type === 'text') {
    return <TextInput {...shared} value={String(value ?? '')} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
  const scale = field.scale ?? 1;
  return (
    <NumberInput
      {...shared}
      value={typeof value === 'number' ? onScreen(value, scale) : typeof value === 'string' ? value : ''}
      onChange={(number) => onChange(typeof number === 'number' ? fromScreen(number, scale) : number)}
      thousandSeparator=","
      decimalScale={field.type === 'number' ? undefined : 0}
      suffix={scale === PER_CENT ? ' %' : undefined}
      hideControls
    />
  );
}

function Several({ field, label, value, onChange, autoFocus }: OneProps) {
  const { t } = useTranslation('shared');
  const loaded = useQuery({
    queryKey: ['choices', field.name],
    queryFn: () => field.loadChoices?.() ?? [],
    enabled: field.loadChoices !== undefined,
    staleTime: 5 * 60_000,
    retry: false,
  });
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const known = field.choices ?? loaded.data;
  const shared = {
    'aria-label': label,
    value: chosen,
    onChange,
    comboboxProps: { withinPortal: false },
    placeholder: chosen.length === 0 ? t('filter.choose') : undefined,
    style: { minWidth: 180, flex: 1 },
    'data-autofocus': autoFocus,
  };
  if (!known) return <TagsInput {...shared} />;
  const missing = chosen.filter((one) => !known.some((choice) => choice.value === one));
  const data = [...known, ...missing.map((one) => ({ value: one, label: one }))];
  return (
    <MultiSelect
      {...shared}
      data={data}
      defaultDropdownOpened={autoFocus}
      searchable
      hidePickedOptions
      nothingFoundMessage={t('filter.none')}
    />
  );
}

/** The field for the value of a rule, by type and operator. */
export function ValueInput({ field, is, value, onChange, autoFocus }: ValueInputProps) {
  const { t } = useTranslation('shared');
  const label = t('filter.valueOf', { name: field.label });
  if (is === 'is_set' || is === 'is_not_set') return null;
  if (is === 'in' || is === 'not_in') {
    return <Several field={field} label={label} value={value} onChange={onChange} autoFocus={autoFocus} />;
  }
  if (is === 'in_last_days' || is === 'not_in_last_days' || is === 'anniversary_in_days') {
    return (
      <NumberInput
        aria-label={label}
        value={typeof value === 'number' ? value : 30}
        onChange={(number) => onChange(Number(number))}
        min={0}
        max={36_500}
        suffix={t('filter.daysSuffix')}
        style={{ width: 110 }}
        data-autofocus={autoFocus}
      />
    );
  }
  if (field.type === 'boolean') {
    return (
      <Select
        aria-label={label}
        data={[
          { value: 'true', label: t('yes') },
          { value: 'false', label: t('no') },
        ]}
        value={String(value ?? true)}
        onChange={(chosen) => onChange(chosen === 'true')}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        style={{ width: 110 }}
      />
    );
  }
  if (is === 'between') {
    const [from, to] = Array.isArray(value) ? value : ['', ''];
    return (
      <>
        <One
          field={field}
          label={t('filter.from')}
          value={from}
          onChange={(v) => onChange([v as string, to ?? ''])}
          autoFocus={autoFocus}
        />
        <span aria-hidden>–</span>
        <One field={field} label={t('filter.to')} value={to} onChange={(v) => onChange([from ?? '', v as string])} />
      </>
    );
  }
  return <One field={field} label={label} value={value} onChange={onChange} autoFocus={autoFocus} />;
}
