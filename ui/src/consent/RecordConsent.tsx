// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Group, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tell } from '@/shared/page';
import { channels, methods, type Expression } from './api';

interface RecordConsentProps {
  customerId: number;
  onClose: () => void;
}

/** Records what a customer said about being contacted, and how they said it. */
export function RecordConsent({ customerId, onClose }: RecordConsentProps) {
  const { t } = useTranslation('consent');
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      action: 'grant' as Expression['action'],
      channel: 'email' as Expression['channel'],
      method: 'call' as Expression['method'],
      is_night: false,
      wording: '',
    },
  });
  const save = useMutation({
    mutationFn: ({ wording, ...rest }: typeof form.values) =>
      api.post('/api/consents', { body: { customer_id: customerId, ...rest, ...(wording ? { wording } : {}) } }),
    onSuccess: () => {
      tell(t('recorded'));
      onClose();
      return queries.invalidateQueries({ queryKey: ['customers', 'one', customerId] });
    },
  });
  const grants = form.values.action === 'grant';
  const offered = grants ? channels : (['all', ...channels] as const);
  return (
    <Modal opened onClose={onClose} title={t('record')}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} style={{ display: 'grid', gap: 12 }}>
        <SegmentedControl
          aria-label={t('actionLabel')}
          data={(['grant', 'refuse', 'withdraw'] as const).map((value) => ({ value, label: t(`action.${value}`) }))}
          {...form.getInputProps('action')}
          onChange={(action) => {
            form.setFieldValue('action', action as Expression['action']);
            if (action === 'grant' && form.values.channel === 'all') form.setFieldValue('channel', 'email');
          }}
        />
        <Group grow gap={12} align="start">
          <Select
            label={t('channelLabel')}
            data={offered.map((value) => ({ value, label: t(`channel.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps('channel')}
          />
          <Select
            label={t('methodLabel')}
            data={methods.map((value) => ({ value, label: t(`method.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps('method')}
          />
        </Group>
        {grants && form.values.channel !== 'email' && (
          <Checkbox label={t('nightHint')} {...form.getInputProps('is_night', { type: 'checkbox' })} />
        )}
        <TextInput
          label={t('wording')}
          description={t('wordingHint')}
          maxLength={200}
          {...form.getInputProps('wording')}
        />
        <p className="dim" style={{ margin: 0, fontSize: 12 }}>
          {t('recordHint')}
        </p>
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
