// SPDX-License-Identifier: Apache-2.0
import { Button, Chip, Group, Textarea } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';

const usual = ['inquiry', 'delivery', 'correction', 'rights', 'campaign', 'audit'] as const;
const SHORTEST = 4;

interface PurposeFormProps {
  text: string;
  action: string;
  onDone: (purpose: string) => void;
  onCancel: () => void;
}

function PurposeForm({ text, action, onDone, onCancel }: PurposeFormProps) {
  const { t } = useTranslation('shared');
  const [purpose, setPurpose] = useState('');
  const ready = purpose.trim().length >= SHORTEST;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onDone(purpose.trim());
      }}
      style={{ display: 'grid', gap: 12 }}
    >
      <p style={{ margin: 0 }} className="dim">
        {text}
      </p>
      <Group gap={6} role="group" aria-label={t('purpose.usual')}>
        {usual.map((key) => {
          const label = t(`purpose.${key}`);
          return (
            <Chip key={key} size="xs" checked={purpose === label} onChange={() => setPurpose(label)}>
              {label}
            </Chip>
          );
        })}
      </Group>
      <Textarea
        label={t('purpose.label')}
        placeholder={t('purpose.placeholder')}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value)}
        maxLength={200}
        data-autofocus
        required
      />
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onCancel}>
          {t('cancel')}
        </Button>
        <Button type="submit" disabled={!ready}>
          {action}
        </Button>
      </Group>
    </form>
  );
}

/** Asks for the purpose of seeing or exporting personal values, as the law wants it logged; undefined when given up. */
export function askPurpose(kind: 'unmask' | 'export'): Promise<string | undefined> {
  return new Promise((resolve) => {
    const id = modals.open({
      title: translate(`shared:purpose.${kind}Title`),
      onClose: () => resolve(undefined),
      children: (
        <PurposeForm
          text={translate(`shared:purpose.${kind}Text`)}
          action={translate(`shared:purpose.${kind}Action`)}
          onDone={(purpose) => {
            resolve(purpose);
            modals.close(id);
          }}
          onCancel={() => modals.close(id)}
        />
      ),
    });
  });
}
