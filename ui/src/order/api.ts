// SPDX-License-Identifier: Apache-2.0
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

/** An order of a customer; money in minor units, quantity in thousandths. */
export interface Order {
  id: number;
  customer_id: number;
  order_key: string;
  ordered_at: string;
  channel: string;
  store: string;
  status: 'paid' | 'pending' | 'cancelled' | 'returned' | 'refunded';
  amount: number;
  discount: number;
  coupon_discount: number;
  currency: string;
  line_count: number;
  lines?: OrderLine[];
}

export interface OrderLine {
  id: number;
  line_no: number;
  product_key?: string;
  product_name?: string;
  category?: string;
  quantity: number;
  amount: number;
  discount: number;
  coupon_discount: number;
  currency: string;
  status: Order['status'];
}

const PAGE = 100;

export const ordersOfQuery = (customerId: number) =>
  infiniteQueryOptions({
    queryKey: ['customers', 'one', customerId, 'orders'],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<Order>>('/api/customers/{id}/orders', {
        path: { id: customerId },
        query: { cursor: pageParam, limit: PAGE },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor || undefined,
  });

export const orderQuery = (id: number) =>
  queryOptions({
    queryKey: ['orders', id],
    queryFn: ({ signal }) => api.get<Order>('/api/orders/{id}', { path: { id }, signal }),
  });
