// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { Ago, useFormat } from '@/shared/format';
import { Loading, Stat } from '@/shared/page';
import { ordersOfQuery } from './api';
import classes from './Orders.module.css';

/** What a customer bought, in three numbers. */
export function OrderNumbers({ customerId }: PanelProps) {
  const { t } = useTranslation('order');
  const { moneyCompact, money, count } = useFormat();
  const { data, isPending } = useInfiniteQuery(ordersOfQuery(customerId));
  if (isPending) return <Loading lines={1} />;
  const [first] = data?.pages ?? [];
  const paid = first?.items.filter((order) => order.status === 'paid') ?? [];
  const [last] = first?.items ?? [];
  if (!first || !last) return <span className="dim">{t('none')}</span>;
  const sum = paid.reduce((total, order) => total + order.amount, 0);
  const partial = Boolean(first.next_cursor);
  return (
    <div className={classes.numbers}>
      <Stat
        label={partial ? t('paidRecent', { count: paid.length }) : t('paid')}
        value={<span title={money(sum, last.currency)}>{moneyCompact(sum, last.currency)}</span>}
      />
      <Stat label={t('orders')} value={count(first.total) || paid.length} />
      <Stat
        label={t('average')}
        value={paid.length > 0 ? moneyCompact(Math.round(sum / paid.length), last.currency) : '–'}
      />
      <Stat label={t('last')} value={<Ago at={last.ordered_at} />} />
    </div>
  );
}
