// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import { currentLanguage, translate } from '@/app/i18n';
import type { Kind, MappedColumn } from '../api';
import { fieldGroups, special } from '../fields';

/** A custom attribute of customers, as far as a mapping needs it. */
export interface KnownAttribute {
  name: string;
  label_ko: string;
  label_en: string;
  type: string;
  archived_at?: string;
}

export const attributesQuery = queryOptions({
  queryKey: ['attributes'],
  queryFn: ({ signal }) => api.get<Page<KnownAttribute>>('/api/attributes', { signal }),
});

const ATTRIBUTE = 'attribute:';

export interface TargetGroup {
  group: string;
  items: { value: string; label: string }[];
}

/** The name of a field in the person's language. */
export const fieldLabel = (field: string) => translate(`intake:field.${field}`, field);

const labelOf = (attribute: KnownAttribute) =>
  (currentLanguage() === 'ko' ? attribute.label_ko : attribute.label_en) || attribute.label_ko || attribute.name;

/** Everything that a column can be led to, in groups. */
export function targetGroups(kind: Kind, attributes: KnownAttribute[]): TargetGroup[] {
  const fields = fieldGroups(kind).map(([group, names]) => ({
    group: translate(`intake:group.${group}`),
    items: names.map((name) => ({ value: name, label: fieldLabel(name) })),
  }));
  const custom = attributes.filter((attribute) => !attribute.archived_at);
  return [
    {
      group: translate('intake:group.special'),
      items: special
        .filter((field) => kind !== 'customers' || field !== 'extra')
        .map((field) => ({ value: field, label: fieldLabel(field) })),
    },
    ...(custom.length > 0
      ? [
          {
            group: translate('intake:group.attributes'),
            items: custom.map((attribute) => ({ value: ATTRIBUTE + attribute.name, label: labelOf(attribute) })),
          },
        ]
      : []),
    ...fields,
  ];
}

/** The value in the picker of a column. */
export function targetOf(column: MappedColumn, attributes: KnownAttribute[]): string {
  const slug = column.field === 'attribute' ? column.attribute?.slug : undefined;
  return slug && attributes.some((attribute) => attribute.name === slug) ? ATTRIBUTE + slug : column.field;
}

/** What the picker shows for a value. */
export function labelOfTarget(value: string, groups: TargetGroup[]): string {
  for (const { items } of groups) {
    const item = items.find((candidate) => candidate.value === value);
    if (item) return item.label;
  }
  return fieldLabel(value);
}

/** The attribute that a picked value means; undefined when it means a field. */
export function attributeOf(value: string, attributes: KnownAttribute[]): KnownAttribute | undefined {
  return value.startsWith(ATTRIBUTE)
    ? attributes.find((attribute) => attribute.name === value.slice(ATTRIBUTE.length))
    : undefined;
}
