// SPDX-License-Identifier: Apache-2.0
import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { holdsQuery } from './api';

/** Tells those who may erase that the customer cannot be erased for now. */
export function HoldNotice({ id }: { id: number }) {
  const { t } = useTranslation('customer');
  const { date } = useFormat();
  const can = useCan();
  const { data } = useQuery({ ...holdsQuery, enabled: can('customer:erase') });
  const hold = data?.items.find((one) => one.customer_id === id);
  if (!hold) return null;
  return (
    <Alert color="amber">
      {t('hold.stands', { day: date(hold.until_on) })} {hold.reason}
    </Alert>
  );
}
