// SPDX-License-Identifier: Apache-2.0
import { Button, PasswordInput } from '@mantine/core';
import { LockKeyhole } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/app/api';
import { faultText } from '@/app/faults';
import { EmptyState } from '@/shared/page';

/** Tells whether a file can be read once its password is known. */
export const needsPassword = (fault: unknown): fault is ApiError =>
  fault instanceof ApiError && (fault.code === 'file.password' || fault.code === 'file.wrong_password');

interface PasswordPromptProps {
  fault: ApiError;
  onPassword: (password: string) => void;
}

/** Asks for the password of a protected workbook; it is used for reading only and kept nowhere. */
export function PasswordPrompt({ fault, onPassword }: PasswordPromptProps) {
  const { t } = useTranslation('intake');
  const [password, setPassword] = useState('');
  return (
    <EmptyState icon={LockKeyhole} title={t('password.title')} text={faultText(fault)}>
      <form
        style={{ display: 'flex', gap: 8 }}
        onSubmit={(event) => {
          event.preventDefault();
          onPassword(password);
        }}
      >
        <PasswordInput
          w={220}
          aria-label={t('file.password')}
          placeholder={t('file.password')}
          autoComplete="off"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" disabled={password === ''}>
          {t('password.open')}
        </Button>
      </form>
    </EmptyState>
  );
}
