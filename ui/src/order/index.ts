// SPDX-License-Identifier: Apache-2.0
import { lazy } from 'react';
import { defineCapability } from '@/app/capability';

/** Orders show on the page of their customer. */
export const order = defineCapability({
  name: 'order',
  panels: [
    {
      slot: 'customer.highlight',
      id: 'order-numbers',
      label: 'order:title',
      order: 10,
      permission: 'order:read',
      component: lazy(() => import('./OrderNumbers').then((m) => ({ default: m.OrderNumbers }))),
    },
    {
      slot: 'customer.tab',
      id: 'orders',
      label: 'order:title',
      order: 10,
      permission: 'order:read',
      component: lazy(() => import('./CustomerOrders').then((m) => ({ default: m.CustomerOrders }))),
    },
  ],
});

export const orderRoutes = [] as const;
