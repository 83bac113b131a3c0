// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { tell } from '@/shared/page';

interface Props {
  id: number;
  onClose: () => void;
}

/** Keeps a customer from being erased until a day, for a reason. */
export function HoldDialog({ id, onClose }: Props) {
  const { t } = useTranslation('customer');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<string | null>(null);
  const queries = useQueryClient();
  const set = useMutation({
    mutationFn: (day: string) =>
      api.post('/api/customers/{id}/holds', { path: { id }, body: { reason: reason.trim(), until_on: day } }),
    onSuccess: async () => {
      tell(t('hold.done', { id }));
      await queries.invalidateQueries({ queryKey: ['customers', 'holds'] });
      onClose();
    },
    onError: tellFault,
  });
  const isReady = reason.trim().length > 1 && until !== null;
  return (
    <Modal opened onClose={onClose} title={t('hold.title', { id })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && until) set.mutate(until);
        }}
      >
        <Stack gap={14}>
          <p style={{ margin: 0 }}>{t('hold.text')}</p>
          <Textarea
            label={t('hold.reason')}
            placeholder={t('hold.reasonExample')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={300}
            autosize
            minRows={2}
            data-autofocus
          />
          <DateInput
            label={t('hold.until')}
            placeholder="YYYY-MM-DD"
            valueFormat="YYYY-MM-DD"
            minDate={new Date()}
            value={until}
            onChange={setUntil}
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              {t('erase.cancel')}
            </Button>
            <Button type="submit" disabled={!isReady} loading={set.isPending}>
              {t('hold.button')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
