// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue, FieldType, FilterField } from '@/shared/filter';
import { useCustomerFields, type CustomerField } from './fields';

const types: Partial<Record<CustomerField['type'], FieldType>> = {
  phone: 'text',
  email: 'text',
  time: 'date',
  owner: 'integer',
};

/** What the filters of the customer list may ask about. */
export function useCatalogue(): Catalogue {
  const { t } = useTranslation('customer');
  const fields = useCustomerFields();
  return useMemo(
    () => ({
      fields: fields
        .filter((field) => !field.shownOnly)
        .map((field): FilterField => ({
          name: field.name,
          label: field.label,
          type: types[field.type] ?? (field.type as FieldType),
          choices: field.choices,
          group: t(field.custom ? 'group.custom' : 'group.standard'),
        })),
      events: [],
      segments: [],
    }),
    [fields, t],
  );
}
