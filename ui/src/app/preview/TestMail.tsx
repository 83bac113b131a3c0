// SPDX-License-Identifier: Apache-2.0
import { Button, Group, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tell } from '@/shared/page';
import { api } from '../api';
import { translate } from '../i18n';
import type { PickedCustomer } from '../pick';
import { useSession } from '../session';
import type { PreviewOf } from './useMailPreview';

interface TestMailProps {
  of: PreviewOf;
  customer: PickedCustomer | undefined;
  onDone: () => void;
}

function TestMail({ of, customer, onDone }: TestMailProps) {
  const { t } = useTranslation('mail');
  const { t: shared } = useTranslation('shared');
  const { person } = useSession();
  const [to, setTo] = useState(person.email);
  const send = useMutation({
    mutationFn: () =>
      api.post<{ is_local: boolean }>('/api/templates/test', {
        body: { ...of, to: to.trim(), customer_id: customer?.id },
      }),
    onSuccess: ({ is_local: isLocal }) => {
      tell(t(isLocal ? 'test.kept' : 'test.sent', { to }));
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
export function openTestMail(of: PreviewOf, customer: PickedCustomer | undefined): void {
  const id = modals.open({
    title: translate('mail:test.title'),
    children: <TestMail of={of} customer={customer} onDone={() => modals.close(id)} />,
  });
}
