// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';

export type Expression = Schema<'ConsentExpression'>;

export const channels = ['email', 'sms', 'kakao', 'push', 'call', 'post'] as const;
export const methods = ['call', 'store', 'paper', 'web', 'app', 'mail'] as const;

export const consentsQuery = (customerId: number) =>
  queryOptions({
    queryKey: ['customers', 'one', customerId, 'consents'],
    queryFn: ({ signal }) => api.get('/api/customers/{id}/consents', { path: { id: customerId }, signal }),
  });
