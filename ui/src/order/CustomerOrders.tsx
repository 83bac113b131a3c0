// SPDX-License-Identifier: Apache-2.0
import { useInfiniteQuery } from '@tanstack/react-query';
import { ShoppingBag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, Loading, MoreButton, SimpleTable, Status, type Tone } from '@/shared/page';
import { ordersOfQuery, type Order } from './api';
import { OrderDialog } from './OrderDialog';

const tones: Record<Order['status'], Tone> = {
  paid: 'teal',
  pending: 'amber',
  cancelled: 'grey',
  returned: 'red',
  refunded: 'red',
};

/** The orders of a customer, newest first. */
export function CustomerOrders({ customerId }: PanelProps) {
  const { t } = useTranslation('order');
  const { money, dateTime } = useFormat();
  const result = useInfiniteQuery(ordersOfQuery(customerId));
  const [opened, setOpened] = useState<number>();
  if (result.isPending) return <Loading />;
  if (result.isError) return <ErrorState fault={result.error} onRetry={() => void result.refetch()} />;
  const orders = result.data.pages.flatMap((page) => page.items);
  if (orders.length === 0) return <EmptyState icon={ShoppingBag} title={t('none')} text={t('noneText')} />;
  return (
    <>
      <SimpleTable
        stack
        label={t('title')}
        rows={orders}
        rowKey={(order) => order.id}
        onOpen={(order) => setOpened(order.id)}
        columns={[
          { id: 'at', header: t('at'), cell: (order) => <span className="num">{dateTime(order.ordered_at)}</span> },
          { id: 'key', header: t('key'), cell: (order) => order.order_key },
          {
            id: 'place',
            header: t('place'),
            cell: (order) => [order.store, order.channel].filter(Boolean).join(' · '),
          },
          {
            id: 'status',
            header: t('status'),
            cell: (order) => <Status tone={tones[order.status]}>{t(`statuses.${order.status}`)}</Status>,
          },
          { id: 'lines', header: t('lines'), align: 'end', cell: (order) => order.line_count },
          { id: 'amount', header: t('amount'), align: 'end', cell: (order) => money(order.amount, order.currency) },
        ]}
      />
      <MoreButton result={result} />
      {opened !== undefined && <OrderDialog id={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}
