// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Query, SimpleTable } from '@/shared/page';
import { closedDaysQuery, saveClosedDays, type ClosedDay } from './api';

/** The company's own days off: what there are, one more, one less. */
export function ClosedDaysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('cube');
  const { date } = useFormat();
  const can = useCan();
  const cache = useQueryClient();
  const days = useQuery(closedDaysQuery);
  const [on, setOn] = useState('');
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: saveClosedDays,
    onSuccess: async (next) => {
      cache.setQueryData(closedDaysQuery.queryKey, next);
      setOn('');
      setName('');
      await cache.invalidateQueries({ queryKey: ['cube'] });
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('closed.title')}>
      <p className="dim" style={{ marginTop: 0 }}>
        {t('closed.about')}
      </p>
      <Query result={days} lines={3}>
        {({ items }) => (
          <>
            {can('cube:define') && (
              <form
                style={{ display: 'grid', gap: 8, gridTemplateColumns: '150px 1fr auto', alignItems: 'end' }}
                onSubmit={(event) => {
                  event.preventDefault();
                  save.mutate([...items, { on, name: name.trim() }]);
                }}
              >
                <TextInput
                  type="date"
                  label={t('closed.on')}
                  value={on}
                  onChange={(e) => setOn(e.currentTarget.value)}
                  required
                />
                <TextInput
                  label={t('closed.name')}
                  value={name}
                  onChange={(e) => setName(e.currentTarget.value)}
                  maxLength={80}
                  required
                />
                <Button type="submit" leftSection={<Plus size={14} />} loading={save.isPending}>
                  {t('closed.add')}
                </Button>
              </form>
            )}
            {items.length === 0 ? (
              <p className="dim">{t('closed.none')}</p>
            ) : (
              <SimpleTable<ClosedDay>
                label={t('closed.title')}
                rows={items}
                rowKey={(day) => day.on}
                columns={[
                  { id: 'on', header: t('closed.on'), cell: (day) => date(day.on) },
                  { id: 'name', header: t('closed.name'), cell: (day) => day.name },
                  {
                    id: 'remove',
                    header: '',
                    width: 40,
                    cell: (day) =>
                      can('cube:define') && (
                        <ActionIcon
                          size={24}
                          aria-label={t('closed.remove', { name: day.name })}
                          onClick={() => save.mutate(items.filter((other) => other.on !== day.on))}
                        >
                          <Trash2 size={14} />
                        </ActionIcon>
                      ),
                  },
                ]}
              />
            )}
          </>
        )}
      </Query>
    </Modal>
  );
}
