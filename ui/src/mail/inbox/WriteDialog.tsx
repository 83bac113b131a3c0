// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { CustomerPicker, type PickedCustomer } from '@/app/pick';
import { tell } from '@/shared/page';
import { LetterFields } from './LetterFields';
import { useLetter } from './useLetter';

/** Writes a mail to one customer or address. */
export function WriteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const [customer, setCustomer] = useState<PickedCustomer>();
  const [to, setTo] = useState('');
  const [kind, setKind] = useState<'information' | 'ad'>('information');
  const [reason, setReason] = useState('');
  const letter = useLetter({ subject: '', text: '' }, customer?.id);
  const send = useMutation({
    mutationFn: () =>
      api.post('/api/mail/letters', {
        body: {
          ...letter.body,
          customer_id: customer?.id,
          to: to.trim() || undefined,
          is_ad: kind === 'ad',
          reason: kind === 'ad' ? undefined : reason,
        },
      }),
    onSuccess: () => {
      tell(t('inbox.sending'));
      onClose();
      return queries.invalidateQueries({ queryKey: ['dispatches'] });
    },
    onError: tellFault,
  });
  const isReady =
    (customer !== undefined || to.includes('@')) &&
    letter.subject.trim() !== '' &&
    letter.text.trim() !== '' &&
    (kind === 'ad' || reason.trim() !== '');
  const submit = () => {
    if (isReady && !send.isPending && !letter.uploading) send.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t('inbox.write')} size="lg">
      <form
        style={{ display: 'grid', gap: 12 }}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <CustomerPicker label={t('inbox.customer')} value={customer} onChange={setCustomer} />
        <TextInput
          label={t('inbox.address')}
          description={t('inbox.addressHint')}
          type="email"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <LetterFields letter={letter} onSend={submit} />
        <SegmentedControl
          size="xs"
          aria-label={t('form.class')}
          value={kind}
          onChange={(value) => setKind(value === 'ad' ? 'ad' : 'information')}
          data={(['information', 'ad'] as const).map((value) => ({ value, label: t(`inbox.class.${value}`) }))}
        />
        {kind === 'ad' ? (
          <p className="dim" style={{ margin: 0 }}>
            {t('inbox.adHint')}
          </p>
        ) : (
          <TextInput
            label={t('form.reason')}
            description={t('inbox.reasonHint')}
            required
            maxLength={300}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t('inbox.cancel')}
          </Button>
          <Button type="submit" loading={send.isPending} disabled={!isReady || letter.uploading}>
            {t('inbox.send')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
