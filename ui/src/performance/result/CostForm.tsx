// SPDX-License-Identifier: Apache-2.0
import { Button, Group, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { minorDigits } from '@/shared/format/formatters';
import { costComponents, type CostComponent } from '../api';

interface CostFormProps {
  campaignId: number;
  currency: string;
  onDone: () => void;
}

/** Adds a cost that the product does not know by itself. */
export function CostForm({ campaignId, currency, onDone }: CostFormProps) {
  const { t } = useTranslation('performance');
  const { t: shared } = useTranslation('shared');
  const queries = useQueryClient();
  const [kind, setKind] = useState<CostComponent>('incentive');
  const [note, setNote] = useState('');
  const [amount, setAmount] = useState<number | string>('');
  const digits = minorDigits(currency);
  const add = useMutation({
    mutationFn: () =>
      api.post<void>('/api/campaigns/{id}/costs', {
        path: { id: campaignId },
        body: { component: kind, note: note.trim(), amount: Math.round(Number(amount) * 10 ** digits) },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['campaigns', campaignId, 'result'] });
      onDone();
    },
  });
  return (
    <form
      style={{ display: 'grid', gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Select
        label={t('cost.kind')}
        allowDeselect={false}
        data={costComponents.map((value) => ({ value, label: t(`costKind.${value}`) }))}
        value={kind}
        onChange={(value) => value && setKind(value as CostComponent)}
      />
      <NumberInput
        label={t('cost.amount')}
        required
        min={0}
        decimalScale={digits}
        thousandSeparator=","
        hideControls
        value={amount}
        onChange={setAmount}
        rightSection={<span className="dim">{currency}</span>}
        rightSectionWidth={48}
        data-autofocus
      />
      <TextInput
        label={t('cost.note')}
        maxLength={200}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onDone}>
          {shared('cancel')}
        </Button>
        <Button type="submit" loading={add.isPending} disabled={!(Number(amount) > 0)}>
          {shared('save')}
        </Button>
      </Group>
    </form>
  );
}
