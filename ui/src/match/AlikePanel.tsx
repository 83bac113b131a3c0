// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { GitCompareArrows } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { pairsQuery } from './api';

/** On the page of a customer: that somebody else may be the same person, with the way to decide. */
export function AlikePanel({ customerId }: PanelProps) {
  const { t } = useTranslation('match');
  const { data } = useQuery({ ...pairsQuery({ customer_id: customerId }), staleTime: 15_000 });
  const count = data?.total?.count ?? 0;
  if (count === 0) return null;
  return (
    <Link
      to="/match/review"
      search={{ customer: customerId }}
      style={{ display: 'inline-flex', alignItems: 'center', gap: 6 }}
    >
      <GitCompareArrows size={14} aria-hidden />
      {t('panel.title', { count })}
    </Link>
  );
}
