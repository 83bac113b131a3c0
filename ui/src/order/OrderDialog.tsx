// SPDX-License-Identifier: Apache-2.0
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Facts, Query, SimpleTable } from '@/shared/page';
import { orderQuery } from './api';
import classes from './Orders.module.css';

const THOUSAND = 1000;

/** One order with its lines. */
export function OrderDialog({ id, onClose }: { id: number; onClose: () => void }) {
  const { t } = useTranslation('order');
  const { money, dateTime, number } = useFormat();
  const result = useQuery(orderQuery(id));
  return (
    <Modal opened onClose={onClose} title={result.data ? `${t('one')} ${result.data.order_key}` : t('one')} size={760}>
      <Query result={result}>
        {(order) => (
          <div className={classes.dialog}>
            <Facts
              facts={[
                { label: t('at'), value: dateTime(order.ordered_at) },
                { label: t('place'), value: [order.store, order.channel].filter(Boolean).join(' · ') || '–' },
                { label: t('status'), value: t(`statuses.${order.status}`) },
                { label: t('amount'), value: <strong>{money(order.amount, order.currency)}</strong> },
                ...(order.discount + order.coupon_discount > 0
                  ? [{ label: t('discount'), value: money(order.discount + order.coupon_discount, order.currency) }]
                  : []),
              ]}
            />
            <SimpleTable
              label={t('lines')}
              rows={order.lines ?? []}
              rowKey={(line) => line.id}
              columns={[
                { id: 'product', header: t('product'), cell: (line) => line.product_name || line.product_key || '–' },
                { id: 'category', header: t('category'), cell: (line) => <span className="dim">{line.category}</span> },
                {
                  id: 'quantity',
                  header: t('quantity'),
                  align: 'end',
                  cell: (line) => number(line.quantity / THOUSAND, 3),
                },
                { id: 'amount', header: t('amount'), align: 'end', cell: (line) => money(line.amount, line.currency) },
              ]}
            />
          </div>
        )}
      </Query>
    </Modal>
  );
}
