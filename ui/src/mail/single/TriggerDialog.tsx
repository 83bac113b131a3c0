// SPDX-License-Identifier: Apache-2.0
import { Autocomplete, Button, Group, Modal, NumberInput, Select, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { confirm, tell } from '@/shared/page';
import { templatesQuery } from '../api';
import { knownEvents, triggersQuery, type Trigger } from './api';

interface TriggerDialogProps {
  trigger: Trigger | undefined;
  onClose: () => void;
}

/** Ties an event to a template. */
export function TriggerDialog({ trigger, onClose }: TriggerDialogProps) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const templates = useQuery(templatesQuery).data?.items ?? [];
  const [event, setEvent] = useState(trigger?.event ?? 'customer.registered');
  const [templateId, setTemplateId] = useState(trigger?.template_id);
  const [delay, setDelay] = useState(trigger?.delay_minutes ?? 0);
  const [isActive, setActive] = useState(trigger?.is_active ?? true);
  const done = (text: string) => {
    tell(text);
    onClose();
    return queries.invalidateQueries({ queryKey: triggersQuery.queryKey });
  };
  const save = useMutation({
    mutationFn: () => {
      const body = {
        event,
        template_id: templateId ?? 0,
        delay_minutes: delay,
        is_active: isActive,
        version: trigger?.version,
      };
      return trigger
        ? api.put('/api/mail/triggers/{id}', { path: { id: trigger.id }, body })
        : api.post('/api/mail/triggers', { body });
    },
    onSuccess: () => done(t('single.saved')),
    onError: tellFault,
  });
  const remove = useMutation({
    mutationFn: (id: number) => api.delete('/api/mail/triggers/{id}', { path: { id } }),
    onSuccess: () => done(t('single.removed')),
    onError: tellFault,
  });
  const askRemove = async (id: number) => {
    const yes = await confirm({
      title: t('single.removeTitle'),
      text: t('single.removeText'),
      action: t('single.remove'),
      danger: true,
    });
    if (yes) remove.mutate(id);
  };
  return (
    <Modal opened onClose={onClose} title={t(trigger ? 'single.editTrigger' : 'single.addTrigger')}>
      <form
        style={{ display: 'grid', gap: 12 }}
        onSubmit={(submitted) => {
          submitted.preventDefault();
          save.mutate();
        }}
      >
        <Autocomplete
          label={t('single.event')}
          description={t('single.eventHint')}
          required
          data={[...knownEvents]}
          renderOption={({ option }) => t(`single.events.${option.value}` as 'single.events.order.paid')}
          value={event}
          onChange={setEvent}
        />
        <Select
          label={t('single.template')}
          required
          searchable
          data={templates.map((template) => ({ value: String(template.id), label: template.name }))}
          value={templateId ? String(templateId) : null}
          onChange={(value) => setTemplateId(value ? Number(value) : undefined)}
        />
        <NumberInput
          label={t('single.delayMinutes')}
          min={0}
          max={525_600}
          value={delay}
          onChange={(value) => setDelay(Number(value) || 0)}
        />
        <Switch
          label={t('single.active')}
          checked={isActive}
          onChange={(changed) => setActive(changed.currentTarget.checked)}
        />
        <Group justify="space-between" gap={8}>
          {trigger ? (
            <Button variant="subtle" color="red" onClick={() => void askRemove(trigger.id)}>
              {t('single.remove')}
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" loading={save.isPending} disabled={!templateId || !event}>
            {t('sending.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
