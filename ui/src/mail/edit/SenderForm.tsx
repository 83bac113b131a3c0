// SPDX-License-Identifier: Apache-2.0
import { Button, Group, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { modals } from '@mantine/modals';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { tell } from '@/shared/page';
import type { Sender } from '../api';

const fields = ['name', 'name_en', 'email', 'phone', 'address', 'address_en'] as const;
type Values = Record<(typeof fields)[number], string>;

function SenderForm({ sender, onDone }: { sender: Sender; onDone: () => void }) {
  const { t } = useTranslation('mail');
  const { t: shared } = useTranslation('shared');
  const queries = useQueryClient();
  const form = useForm<Values>({
    initialValues: Object.fromEntries(fields.map((field) => [field, sender[field] ?? ''])) as Values,
  });
  const save = useMutation({
    mutationFn: (values: Values) =>
      api.put<Sender>('/api/senders/{code}', { path: { code: sender.code }, body: values }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['senders'] });
      await queries.invalidateQueries({ queryKey: ['templates'] });
      tell(t('sender.saved'));
      onDone();
    },
  });
  return (
    <form style={{ display: 'grid', gap: 12 }} onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <p className="dim" style={{ margin: 0 }}>
        {t('sender.hint')}
      </p>
      {fields.map((field) => (
        <TextInput
          key={field}
          label={t(`sender.${field}`)}
          type={field === 'email' ? 'email' : 'text'}
          required={!field.endsWith('_en')}
          maxLength={200}
          {...form.getInputProps(field)}
        />
      ))}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onDone}>
          {shared('cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {shared('save')}
        </Button>
      </Group>
    </form>
  );
}

/** Opens the details of a sender: what every advertisement has to show. */
export function openSender(sender: Sender): void {
  const id = modals.open({
    title: translate('mail:sender.edit'),
    children: <SenderForm sender={sender} onDone={() => modals.close(id)} />,
  });
}
