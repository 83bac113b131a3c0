// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/app/api';
import { tellFault } from '@/app/faults';
import { unmask, useCan, useUnmasked } from '@/app/session';
import { askPurpose } from './askPurpose';

/** Tells whether something was refused only because personal values are masked now. */
export function isMaskedFault(fault: unknown): boolean {
  return fault instanceof ApiError && ['rule.masked', 'customer.sort_masked'].includes(fault.code);
}

/** Asks for a purpose and shows personal values in clear; undefined when the person may not, or sees them already. */
export function useUnmask(): (() => Promise<void>) | undefined {
  const queries = useQueryClient();
  const can = useCan();
  const clear = useUnmasked();
  if (clear || !can('customer:unmask')) return undefined;
  return async () => {
    try {
      const purpose = await askPurpose('unmask');
      if (purpose) await unmask(queries, purpose);
    } catch (fault) {
      tellFault(fault);
    }
  };
}

/** The way on where masked values stand in the way: show them, for a purpose. */
export function UnmaskButton() {
  const { t } = useTranslation('shared');
  const show = useUnmask();
  if (!show) return null;
  return (
    <Button variant="default" leftSection={<Eye size={14} />} onClick={() => void show()}>
      {t('error.unmask')}
    </Button>
  );
}
