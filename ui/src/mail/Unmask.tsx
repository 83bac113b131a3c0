// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { EyeOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { unmask, useCan } from '@/app/session';
import { askPurpose, EmptyState } from '@/shared/page';

/** A whole message holds personal values: it opens for a stated purpose only. */
export function Unmask() {
  const { t } = useTranslation('mail');
  const can = useCan();
  const queries = useQueryClient();
  const ask = async () => {
    const purpose = await askPurpose('unmask');
    if (purpose) await unmask(queries, purpose).catch(tellFault);
  };
  return (
    <EmptyState icon={EyeOff} title={t('outbox.masked')} text={t('outbox.maskedText')}>
      {can('customer:unmask') && <Button onClick={() => void ask()}>{t('outbox.unmask')}</Button>}
    </EmptyState>
  );
}
