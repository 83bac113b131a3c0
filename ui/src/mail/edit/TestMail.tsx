// SPDX-License-Identifier: Apache-2.0
import { Button, Group, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import type { PickedCustomer } from '@/app/pick';
import { useSession } from '@/app/session';
import { tell } from '@/shared/page';
import type { TemplateDraft } from '../api';

interface TestMailProps {
  draft: TemplateDraft;
  customer: PickedCustomer | undefined;
  onDone: () => void;
}

function TestMail({ draft, customer, onDone }: TestMailProps) {
  const { t } = useTranslation('mail');
  const { t: shared } = useTranslation('shared');
  const { person } = useSession();
  const [to, setTo] = useState(person.email);
  const send = useMutation({
    mutationFn: () =>
      api.post('/api/templates/test', { body: { template: draft, to: to.trim(), customer_id: customer?.id } }),
    onSuccess: () => {
      tell(t('test.sent', { to }));
      onDone();
    },
  });
  return (
    <form
      style={{ display: 'grid', gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <TextInput
        type="email"
        label={t('test.to')}
        required
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        data-autofocus
      />
      <p className="dim" style={{ margin: 0 }}>
        {customer ? t('test.as', { name: customer.full_name }) : t('test.example')}
      </p>
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onDone}>
          {shared('cancel')}
        </Button>
        <Button type="submit" loading={send.isPending} disabled={!to.includes('@')}>
          {t('test.send')}
        </Button>
      </Group>
    </form>
  );
}

/** Asks where a test mail shall go and sends it. */
export function openTestMail(draft: TemplateDraft, customer: PickedCustomer | undefined): void {
  const id = modals.open({
    title: translate('mail:test.title'),
    children: <TestMail draft={draft} customer={customer} onDone={() => modals.close(id)} />,
  });
}
