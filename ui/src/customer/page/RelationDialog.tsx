// SPDX-License-Identifier: Apache-2.0
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { CustomerPicker, type PickedCustomer } from '@/app/pick';
import { tell } from '@/shared/page';
import { customerQuery, type Relation } from '../api';

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

interface Props {
  customerId: number;
  /** The relation that is changed; none for a new one. */
  relation?: Relation;
  onClose: () => void;
}

/** Ties this customer to another one, or changes kind, note and dates of a tie. */
export function RelationDialog({ customerId, relation, onClose }: Props) {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const [other, setOther] = useState<PickedCustomer>();
  const [kind, setKind] = useState<string>(relation?.kind ?? kinds[0]);
  const [note, setNote] = useState(relation?.note ?? '');
  const [since, setSince] = useState(relation?.since_on ?? '');
  const [until, setUntil] = useState(relation?.until_on ?? '');
  const body = { kind, note: note || undefined, since_on: since || undefined, until_on: until || undefined };
  const save = useMutation<unknown>({
    mutationFn: () =>
      relation
        ? api.patch('/api/customers/{id}/relations/{relation}', {
            path: { id: customerId, relation: relation.id },
            body,
          })
        : api.post('/api/customers/{id}/relations', {
            path: { id: customerId },
            body: { ...body, other_id: other?.id ?? 0 },
          }),
    onSuccess: () => {
      tell(t(relation ? 'relation.changed' : 'relation.added'));
      onClose();
      return queries.invalidateQueries({ queryKey: customerQuery(customerId).queryKey });
    },
  });
  const title = relation ? t('relation.editTitle', { name: relation.other_name }) : t('relation.add');
  return (
    <Modal opened onClose={onClose} title={title}>
      <form
        style={{ display: 'grid', gap: 12 }}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {!relation && (
          <CustomerPicker label={t('relation.other')} value={other} onChange={setOther} except={customerId} autoFocus />
        )}
        <Select
          label={t('relation.kindLabel')}
          data={kinds.map((value) => ({ value, label: t(`relation.kind.${value}`) }))}
          value={kind}
          onChange={(value) => value && setKind(value)}
          allowDeselect={false}
          data-autofocus={relation ? true : undefined}
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
        <Button
          type="submit"
          disabled={!relation && other === undefined}
          loading={save.isPending}
          style={{ justifySelf: 'end' }}
        >
          {t(relation ? 'relation.save' : 'relation.add')}
        </Button>
      </form>
    </Modal>
  );
}
