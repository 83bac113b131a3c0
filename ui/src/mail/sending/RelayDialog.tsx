// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { confirm, tell } from '@/shared/page';
import type { Relay } from './api';

/** Adds a relay, changes or removes one. */
export function RelayDialog({ relay, onClose }: { relay: Relay | undefined; onClose: () => void }) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      name: relay?.name ?? '',
      kind: relay?.kind ?? ('smtp' as Relay['kind']),
      address: relay?.address ?? 'smtp://',
      account: relay?.account ?? '',
      password: '',
      weight: relay?.weight ?? 10,
      connections: relay?.connections ?? 0,
      warm_from_on: relay?.warm_from_on ?? '',
      warm_first: relay?.warm_first ?? 0,
      is_active: relay?.is_active ?? true,
    },
  });
  const done = (word: string) => {
    tell(word);
    onClose();
    return queries.invalidateQueries({ queryKey: ['mail'] });
  };
  const save = useMutation({
    mutationFn: (values: typeof form.values) =>
      relay
        ? api.put('/api/mail/relays/{id}', { path: { id: relay.id }, body: { ...values, version: relay.version } })
        : api.post('/api/mail/relays', { body: values }),
    onSuccess: () => done(t('sending.saved')),
  });
  const remove = useMutation({
    mutationFn: (id: number) => api.delete('/api/mail/relays/{id}', { path: { id } }),
    onSuccess: () => done(t('sending.removed')),
  });
  const ask = async (id: number) => {
    const sure = await confirm({
      title: t('sending.removeTitle', { name: relay?.name }),
      text: t('sending.removeText'),
      action: t('sending.remove'),
      danger: true,
    });
    if (sure) remove.mutate(id);
  };
  const isDirect = form.values.kind === 'direct';
  return (
    <Modal opened onClose={onClose} title={t(relay ? 'sending.editRelay' : 'sending.addRelay')} size={540}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} style={{ display: 'grid', gap: 12 }}>
        <Group grow gap={12} align="start">
          <TextInput label={t('sending.name')} required data-autofocus {...form.getInputProps('name')} />
          <Select
            label={t('sending.kind')}
            data={(['smtp', 'direct'] as const).map((kind) => ({ value: kind, label: t(`sending.kinds.${kind}`) }))}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
        </Group>
        <TextInput
          label={t(isDirect ? 'sending.hello' : 'sending.address')}
          description={t(isDirect ? 'sending.helloHint' : 'sending.addressHint')}
          required
          {...form.getInputProps('address')}
        />
        {!isDirect && (
          <Group grow gap={12} align="start">
            <TextInput label={t('sending.account')} autoComplete="off" {...form.getInputProps('account')} />
            <PasswordInput
              label={t('sending.password')}
              placeholder={relay?.has_password ? t('sending.passwordKept') : ''}
              autoComplete="new-password"
              {...form.getInputProps('password')}
            />
          </Group>
        )}
        <Group grow gap={12} align="start">
          <NumberInput
            label={t('sending.weight')}
            description={t('sending.weightHint')}
            min={0}
            max={100}
            {...form.getInputProps('weight')}
          />
          <NumberInput
            label={t('sending.connections')}
            description={t('sending.connectionsHint')}
            min={0}
            max={100}
            {...form.getInputProps('connections')}
          />
        </Group>
        <Group grow gap={12} align="start">
          <TextInput
            type="date"
            label={t('sending.warmFrom')}
            description={t('sending.warmFromHint')}
            {...form.getInputProps('warm_from_on')}
          />
          <NumberInput
            label={t('sending.warmFirst')}
            description={t('sending.warmFirstHint')}
            min={0}
            {...form.getInputProps('warm_first')}
          />
        </Group>
        <Switch label={t('sending.active')} {...form.getInputProps('is_active', { type: 'checkbox' })} />
        <Group justify="space-between" gap={8}>
          {relay ? (
            <Button variant="subtle" color="red" loading={remove.isPending} onClick={() => void ask(relay.id)}>
              {t('sending.remove')}
            </Button>
          ) : (
            <span />
          )}
          <Group gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('sending.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('sending.save')}
            </Button>
          </Group>
        </Group>
      </form>
    </Modal>
  );
}
