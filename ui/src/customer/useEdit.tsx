// SPDX-License-Identifier: Apache-2.0
import { Button, Group } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, ApiError } from '@/app/api';
import { tellFault } from '@/app/faults';
import { Facts, tell, tellUndo } from '@/shared/page';
import { spread, undoChange, updateCustomer, type Customer, type CustomerRow, type Value } from './api';
import { valueOf, withValue, type CustomerField } from './fields';

/** Changes one field of a customer at once on the screen, then on the server, and offers to take it back. */
export function useEdit(): (row: CustomerRow, field: CustomerField, value: Value) => Promise<void> {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();

  const conflict = async (row: CustomerRow, field: CustomerField, value: Value) => {
    const fresh = await api.get<Customer>('/api/customers/{id}', { path: { id: row.id } });
    spread(queries, fresh);
    const id = modals.open({
      title: t('conflict.title'),
      children: (
        <div style={{ display: 'grid', gap: 14 }}>
          <p style={{ margin: 0 }}>{t('conflict.text', { field: field.label })}</p>
          <Facts
            facts={[
              { label: t('conflict.theirs'), value: String(valueOf(fresh, field.name) ?? '–') },
              { label: t('conflict.yours'), value: String(value ?? '–') },
            ]}
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={() => modals.close(id)}>
              {t('conflict.keepTheirs')}
            </Button>
            <Button
              onClick={() => {
                modals.close(id);
                void edit(fresh, field, value);
              }}
            >
              {t('conflict.useMine')}
            </Button>
          </Group>
        </div>
      ),
    });
  };

  const edit = async (row: CustomerRow, field: CustomerField, value: Value) => {
    spread(queries, withValue(row, field.name, value));
    try {
      const changed = await updateCustomer(row.id, { [field.name]: value }, row.version);
      spread(queries, changed);
      const message = t('edited', { field: field.label });
      if (changed.entry_id === undefined) return tell(message);
      const entry = changed.entry_id;
      tellUndo(message, async () => spread(queries, await undoChange(row.id, entry)));
    } catch (fault) {
      spread(queries, row);
      if (fault instanceof ApiError && fault.status === 409) await conflict(row, field, value).catch(tellFault);
      else tellFault(fault);
    }
    return undefined;
  };
  return edit;
}
