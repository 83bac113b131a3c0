// SPDX-License-Identifier: Apache-2.0
import { lazy } from 'react';
import { defineCapability } from '@/app/capability';

/** Consents show on the page of their customer: what holds now, and how it came about. */
export const consent = defineCapability({
  name: 'consent',
  panels: [
    {
      slot: 'customer.side',
      id: 'consent-state',
      label: 'consent:title',
      order: 10,
      permission: 'consent:read',
      component: lazy(() => import('./ConsentStates').then((m) => ({ default: m.ConsentStates }))),
    },
    {
      slot: 'customer.tab',
      id: 'consents',
      label: 'consent:title',
      order: 20,
      permission: 'consent:read',
      component: lazy(() => import('./ConsentHistory').then((m) => ({ default: m.ConsentHistory }))),
    },
  ],
});

export const consentRoutes = [] as const;
