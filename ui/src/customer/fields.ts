// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldType } from '@/shared/filter';
import { attributesQuery, type CustomerRow, type Value } from './api';

/** A field of a customer as lists, pages, filters and forms know it. */
export interface CustomerField {
  /** "mobile", or "attr.points" for custom attributes. */
  name: string;
  label: string;
  type: FieldType | 'phone' | 'email' | 'time' | 'owner';
  choices?: { value: string; label: string }[];
  personal?: boolean;
  editable?: boolean;
  width: number;
  custom?: boolean;
  currency?: string;
}

interface Standard {
  name: Exclude<keyof CustomerRow, 'id' | 'attributes' | 'version' | 'is_household_head' | 'household_id'>;
  type: CustomerField['type'];
  width: number;
  choices?: readonly string[];
  personal?: boolean;
  fixed?: boolean;
}

const standard: Standard[] = [
  { name: 'full_name', type: 'text', width: 168, personal: true },
  { name: 'mobile', type: 'phone', width: 132, personal: true },
  { name: 'email', type: 'email', width: 196, personal: true },
  { name: 'grade', type: 'text', width: 92 },
  { name: 'sido', type: 'text', width: 124 },
  { name: 'sigungu', type: 'text', width: 120 },
  { name: 'birth_on', type: 'date', width: 118, personal: true },
  { name: 'birth_calendar', type: 'choice', width: 92, choices: ['solar', 'lunar', 'lunar_leap'] },
  { name: 'sex', type: 'choice', width: 76, choices: ['male', 'female'] },
  { name: 'branch', type: 'text', width: 104 },
  { name: 'joined_on', type: 'date', width: 118 },
  {
    name: 'kind',
    type: 'choice',
    width: 92,
    choices: ['person', 'household', 'company', 'dealer', 'partner', 'employee'],
  },
  { name: 'phone', type: 'phone', width: 132, personal: true },
  { name: 'address', type: 'text', width: 240, personal: true },
  { name: 'address_detail', type: 'text', width: 150, personal: true },
  { name: 'postal_code', type: 'text', width: 92 },
  { name: 'company', type: 'text', width: 148 },
  { name: 'department', type: 'text', width: 112 },
  { name: 'job_title', type: 'text', width: 104 },
  { name: 'brn', type: 'text', width: 128 },
  { name: 'crn', type: 'text', width: 128 },
  { name: 'name_latin', type: 'text', width: 140, personal: true },
  { name: 'owner_id', type: 'owner', width: 104 },
  { name: 'memo', type: 'text', width: 200, personal: true },
  { name: 'household_state', type: 'choice', width: 84, choices: ['confirmed', 'suggested'], fixed: true },
  { name: 'household_size', type: 'integer', width: 92, fixed: true },
  { name: 'record_count', type: 'integer', width: 92, fixed: true },
  { name: 'created_at', type: 'time', width: 150, fixed: true },
  { name: 'updated_at', type: 'time', width: 150, fixed: true },
];

/** The columns of a list that nobody has set up yet. */
export const usualColumns = [
  'full_name',
  'mobile',
  'email',
  'grade',
  'sido',
  'branch',
  'birth_on',
  'joined_on',
  'record_count',
  'updated_at',
];

/** The value of a field of a row. */
export function valueOf(row: CustomerRow, name: string): Value | undefined {
  if (name.startsWith('attr.')) return row.attributes?.[name.slice(5)];
  return row[name as Standard['name']];
}

/** A row with another value of a field. */
export function withValue(row: CustomerRow, name: string, value: Value): CustomerRow {
  if (!name.startsWith('attr.')) return { ...row, [name]: value };
  return { ...row, attributes: { ...row.attributes, [name.slice(5)]: value } };
}

/** Turns what an editor holds into the value that the API takes; an empty text clears the field. */
export function parseValue(field: CustomerField, text: string): Value {
  if (text === '') return null;
  if (field.type === 'boolean') return text === 'true';
  if (['integer', 'number', 'money'].includes(field.type)) {
    const number = Number(text.replaceAll(',', ''));
    return Number.isFinite(number) ? number : text;
  }
  return text;
}

/** All fields of a customer: the standard ones and what administrators added. */
export function useCustomerFields(): CustomerField[] {
  const { t, i18n } = useTranslation('customer');
  const { data } = useQuery(attributesQuery);
  return useMemo(() => {
    const own: CustomerField[] = standard.map((field) => ({
      name: field.name,
      label: t(`field.${field.name}`),
      type: field.type,
      width: field.width,
      personal: field.personal,
      editable: !field.fixed && field.type !== 'owner',
      choices: field.choices?.map((value) => ({ value, label: t(`choice.${value as 'male'}`) })),
    }));
    const custom: CustomerField[] = (data?.items ?? [])
      .filter((attribute) => !attribute.archived_at)
      .map((attribute) => ({
        name: `attr.${attribute.name}`,
        label: i18n.language === 'ko' ? attribute.label_ko : attribute.label_en,
        type: attribute.type,
        width: attribute.type === 'text' ? 150 : 112,
        personal: attribute.is_personal,
        editable: true,
        custom: true,
        currency: attribute.currency,
        choices: attribute.type === 'choice' ? attribute.choices?.map((value) => ({ value, label: value })) : undefined,
      }));
    return [...own, ...custom];
  }, [t, i18n.language, data]);
}
