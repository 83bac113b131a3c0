// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { lazy } from 'react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';

/** Consents show on the page of their customer; the company's rules have a page of their own. */
export const consent = defineCapability({
  name: 'consent',
  nav: [
    {
      stage: 'settings',
      to: '/consents',
      label: 'consent:rules.title',
      icon: ShieldCheck,
      permission: 'consent:admin',
    },
  ],
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
    {
      slot: 'customer.tab',
      id: 'why',
      label: 'consent:why.title',
      order: 21,
      permission: 'consent:read',
      component: lazy(() => import('./Why').then((m) => ({ default: m.Why }))),
    },
  ],
});

export const consentRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/consents',
    component: lazyRouteComponent(() => import('./rules/RulesPage'), 'RulesPage'),
  }),
] as const;
