// SPDX-License-Identifier: Apache-2.0
import { Button, CopyButton, Group, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';

/** The address at which the customer changes their own preferences, for staff who pass it on. */
export function PreferenceLink({ customerId }: { customerId: number }) {
  const { t } = useTranslation('consent');
  const link = useMutation({
    mutationFn: () =>
      api.post<{ url: string }>('/api/customers/{id}/preference-link', { path: { id: customerId }, body: {} }),
  });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Link2 size={14} />}
        loading={link.isPending}
        onClick={() => link.mutate()}
      >
        {t('link.action')}
      </Button>
      <Modal opened={link.data !== undefined} onClose={link.reset} title={t('link.title')}>
        <p className="dim" style={{ marginTop: 0 }}>
          {t('link.text')}
        </p>
        <Group gap={8} wrap="nowrap" align="end">
          <TextInput
            style={{ flex: 1 }}
            aria-label={t('link.title')}
            readOnly
            value={link.data?.url ?? ''}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton value={link.data?.url ?? ''}>
            {({ copied, copy }) => <Button onClick={copy}>{t(copied ? 'link.copied' : 'link.copy')}</Button>}
          </CopyButton>
        </Group>
      </Modal>
    </>
  );
}
