// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface NameDialogProps {
  opened: boolean;
  title: string;
  isSaving: boolean;
  onClose: () => void;
  onSave: (name: string, shared: boolean) => void;
}

/** Asks for the name under which something is saved, and whether others may open it. */
export function NameDialog({ opened, title, isSaving, onClose, onSave }: NameDialogProps) {
  const { t } = useTranslation('cube');
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <form
        style={{ display: 'grid', gap: 12 }}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) onSave(name.trim(), shared);
        }}
      >
        <TextInput
          label={t('name')}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          data-autofocus
          required
          maxLength={100}
        />
        <Checkbox label={t('share')} checked={shared} onChange={(e) => setShared(e.currentTarget.checked)} />
        <Button type="submit" loading={isSaving} disabled={!name.trim()}>
          {t('save')}
        </Button>
      </form>
    </Modal>
  );
}
