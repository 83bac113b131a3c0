// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Modal, Select, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { CustomerPicker, type PickedCustomer } from '@/app/pick';
import { tell } from '@/shared/page';
import { customerQuery } from '../api';

const kinds = [
  'spouse',
  'parent',
  'child',
  'sibling',
  'household',
  'employer',
  'employee',
  'contact',
  'introducer',
  'introduced',
  'partner',
  'other',
] as const;

/** Ties this customer to another one. */
export function AddRelation({ customerId }: { customerId: number }) {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const [opened, dialog] = useDisclosure(false);
  const [other, setOther] = useState<PickedCustomer>();
  const [kind, setKind] = useState<string>(kinds[0]);
  const [note, setNote] = useState('');
  const [since, setSince] = useState('');
  const [until, setUntil] = useState('');
  const add = useMutation({
    mutationFn: () =>
      api.post('/api/customers/{id}/relations', {
        path: { id: customerId },
        body: { other_id: other?.id ?? 0, kind, note, since_on: since || undefined, until_on: until || undefined },
      }),
    onSuccess: () => {
      tell(t('relation.added'));
      dialog.close();
      setOther(undefined);
      setNote('');
      setSince('');
      setUntil('');
      return queries.invalidateQueries({ queryKey: customerQuery(customerId).queryKey });
    },
  });
  return (
    <>
      <ActionIcon size={26} onClick={dialog.open} aria-label={t('relation.add')}>
        <Plus size={15} />
      </ActionIcon>
      <Modal opened={opened} onClose={dialog.close} title={t('relation.add')}>
        <form
          style={{ display: 'grid', gap: 12 }}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <CustomerPicker label={t('relation.other')} value={other} onChange={setOther} except={customerId} autoFocus />
          <Select
            label={t('relation.kindLabel')}
            data={kinds.map((value) => ({ value, label: t(`relation.kind.${value}`) }))}
            value={kind}
            onChange={(value) => value && setKind(value)}
            allowDeselect={false}
          />
          <TextInput
            label={t('relation.note')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={200}
          />
          <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 12 }}>
            <TextInput
              type="date"
              label={t('relation.since')}
              value={since}
              onChange={(event) => setSince(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t('relation.until')}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          </div>
          <Button type="submit" disabled={other === undefined} loading={add.isPending} style={{ justifySelf: 'end' }}>
            {t('relation.add')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
