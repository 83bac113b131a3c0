// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { BookUser, Tags } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';
import { validateListSearch } from './listSearch';

export const customer = defineCapability({
  name: 'customer',
  nav: [
    {
      stage: 'know',
      to: '/customers',
      label: 'customer:title',
      icon: BookUser,
      permission: 'customer:read',
      keys: 'g c',
    },
    {
      stage: 'settings',
      to: '/attributes',
      label: 'customer:attribute.title',
      icon: Tags,
      permission: 'attribute:create',
    },
  ],
});

const page = { getParentRoute: () => shellRoute };

export const customerRoutes = [
  createRoute({
    ...page,
    path: '/customers',
    validateSearch: validateListSearch,
    component: lazyRouteComponent(() => import('./list/CustomersPage'), 'CustomersPage'),
  }),
  createRoute({
    ...page,
    path: '/customers/$id',
    validateSearch: (search: Record<string, unknown>): { tab?: string } =>
      typeof search.tab === 'string' ? { tab: search.tab } : {},
    component: lazyRouteComponent(() => import('./page/CustomerPage'), 'CustomerPage'),
  }),
  createRoute({
    ...page,
    path: '/customers/merge',
    validateSearch: (search: Record<string, unknown>): { a?: number; b?: number } => ({
      ...(typeof search.a === 'number' ? { a: search.a } : {}),
      ...(typeof search.b === 'number' ? { b: search.b } : {}),
    }),
    component: lazyRouteComponent(() => import('./merge/MergePage'), 'MergePage'),
  }),
  createRoute({
    ...page,
    path: '/attributes',
    component: lazyRouteComponent(() => import('./attribute/AttributesPage'), 'AttributesPage'),
  }),
] as const;
