// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { tell } from '@/shared/page';

const reasons = ['request', 'retention', 'mistake'] as const;

interface Props {
  id: number;
  onClose: () => void;
}

/** Asks why, and for the customer's number typed by hand, before everything known of a person is destroyed. */
export function EraseDialog({ id, onClose }: Props) {
  const { t } = useTranslation('customer');
  const [reason, setReason] = useState<(typeof reasons)[number]>();
  const [typed, setTyped] = useState('');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const erase = useMutation({
    mutationFn: (why: (typeof reasons)[number]) =>
      api.post('/api/customers/{id}/erase', { path: { id }, body: { reason: why } }),
    onSuccess: async () => {
      tell(t('erase.done', { id }));
      await navigate({ to: '/customers' });
      queries.removeQueries({ queryKey: ['customers', 'one', id] });
      await queries.invalidateQueries({ queryKey: ['customers'] });
    },
    onError: tellFault,
  });
  return (
    <Modal opened onClose={onClose} title={t('erase.title', { id })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason && typed.trim() === String(id)) erase.mutate(reason);
        }}
      >
        <Stack gap={14}>
          <Alert color="red">{t('erase.text')}</Alert>
          <p style={{ margin: 0 }}>{t('erase.stays')}</p>
          <Radio.Group
            label={t('erase.reason')}
            value={reason ?? null}
            onChange={(value) => setReason(reasons.find((one) => one === value))}
          >
            <Stack gap={6} mt={6}>
              {reasons.map((one) => (
                <Radio key={one} value={one} label={t(`erase.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <TextInput
            label={t('erase.type', { id })}
            value={typed}
            inputMode="numeric"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('erase.cancel')}
            </Button>
            <Button
              type="submit"
              color="red"
              disabled={!reason || typed.trim() !== String(id)}
              loading={erase.isPending}
            >
              {t('erase.button')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
