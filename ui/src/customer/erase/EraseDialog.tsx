// SPDX-License-Identifier: Apache-2.0
import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { Query, tell } from '@/shared/page';
import { erasurePlanQuery } from './api';
import { PlanView } from './PlanView';

const reasons = ['request', 'retention', 'mistake'] as const;

interface Props {
  id: number;
  onClose: () => void;
}

/** Shows what would go, and asks why and for the customer's number typed by hand, before everything known of a person is destroyed. */
export function EraseDialog({ id, onClose }: Props) {
  const { t } = useTranslation('customer');
  const [reason, setReason] = useState<(typeof reasons)[number]>();
  const [typed, setTyped] = useState('');
  const plan = useQuery(erasurePlanQuery(id));
  const isHeld = (plan.data?.holds.length ?? 1) > 0;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const erase = useMutation({
    mutationFn: (why: (typeof reasons)[number]) =>
      api.post('/api/customers/{id}/erase', { path: { id }, body: { reason: why } }),
    onSuccess: async () => {
      tell(t('erase.done', { id }));
      await navigate({ to: '/customers' });
      queries.removeQueries({ queryKey: ['customers', 'one', id] });
      queries.removeQueries({ queryKey: ['customers', 'erasure', id] });
      await queries.invalidateQueries({ queryKey: ['customers'] });
    },
    onError: tellFault,
  });
  return (
    <Modal opened onClose={onClose} size="lg" title={t('erase.title', { id })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason && !isHeld && typed.trim() === String(id)) erase.mutate(reason);
        }}
      >
        <Stack gap={14}>
          <Alert color="red">{t('erase.text')}</Alert>
          <Query result={plan} lines={4}>
            {(found) => <PlanView plan={found} />}
          </Query>
          <Radio.Group
            label={t('erase.reason')}
            value={reason ?? null}
            onChange={(value) => setReason(reasons.find((one) => one === value))}
          >
            <Stack gap={12} mt={8}>
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
              disabled={!reason || isHeld || typed.trim() !== String(id)}
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
