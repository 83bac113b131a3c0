// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Group, Modal, MultiSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tell } from '@/shared/page';
import { channels } from './api';

interface InviteConsentProps {
  customerId: number;
  onClose: () => void;
}

/** Asks a customer by mail to confirm a consent: double opt-in. */
export function InviteConsent({ customerId, onClose }: InviteConsentProps) {
  const { t } = useTranslation('consent');
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { channels: ['email'] as string[], is_night: false, origin: '', language: 'ko' as 'ko' | 'en' },
    validate: {
      channels: (list) => (list.length > 0 ? null : t('faults.no_origin')),
      origin: (text) => (text.trim().length > 1 ? null : t('faults.no_origin')),
    },
  });
  const send = useMutation({
    mutationFn: (values: typeof form.values) =>
      api.post('/api/consents/invitations', { body: { customer_id: customerId, ...values } }),
    onSuccess: () => {
      tell(t('invite.sent'));
      onClose();
      return queries.invalidateQueries({ queryKey: ['customers', 'one', customerId] });
    },
  });
  const hasNight = form.values.channels.some((channel) => !['email', 'post'].includes(channel));
  return (
    <Modal opened onClose={onClose} title={t('invite.title')}>
      <form onSubmit={form.onSubmit((values) => send.mutate(values))} style={{ display: 'grid', gap: 12 }}>
        <p className="dim" style={{ margin: 0 }}>
          {t('invite.text')}
        </p>
        <MultiSelect
          label={t('invite.channels')}
          data={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          {...form.getInputProps('channels')}
        />
        {hasNight && <Checkbox label={t('nightHint')} {...form.getInputProps('is_night', { type: 'checkbox' })} />}
        <TextInput
          label={t('invite.origin')}
          description={t('invite.originHint')}
          maxLength={200}
          required
          {...form.getInputProps('origin')}
        />
        <SegmentedControl
          aria-label={t('evidence.language')}
          data={[
            { value: 'ko', label: '한국어' },
            { value: 'en', label: 'English' },
          ]}
          {...form.getInputProps('language')}
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t('invite.send')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
