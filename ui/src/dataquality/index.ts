// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { ClipboardCheck } from 'lucide-react';
import { lazy } from 'react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';
import { readAsk } from './api';

/** Scores of data quality, worklists, reconciliation and contributions. */
export const dataquality = defineCapability({
  name: 'dataquality',
  nav: [
    {
      stage: 'collect',
      to: '/quality',
      label: 'dataquality:title',
      icon: ClipboardCheck,
      permission: 'dataquality:read',
      keys: 'g q',
    },
  ],
  panels: [
    {
      slot: 'customer.side',
      id: 'quality',
      label: 'dataquality:title',
      order: 40,
      permission: 'dataquality:read',
      component: lazy(() => import('./QualityPanel').then((m) => ({ default: m.QualityPanel }))),
    },
  ],
});

const tabs = ['scores', 'worklists', 'reconcile', 'contributions'] as const;

/** The tabs of the page of data quality. */
export type QualityTab = (typeof tabs)[number];

export const dataqualityRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/quality',
    validateSearch: (search: Record<string, unknown>): { tab?: QualityTab } =>
      tabs.includes(search.tab as QualityTab) ? { tab: search.tab as QualityTab } : {},
    component: lazyRouteComponent(() => import('./QualityPage'), 'QualityPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/quality/issues',
    validateSearch: readAsk,
    component: lazyRouteComponent(() => import('./IssuesPage'), 'IssuesPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/quality/work',
    validateSearch: readAsk,
    beforeLoad: ({ search }) => {
      if (!search.kind) throw redirect({ to: '/quality', search: { tab: 'worklists' } });
    },
    component: lazyRouteComponent(() => import('./WorkPage'), 'WorkPage'),
  }),
] as const;
