// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { BookUser, Crown, Eraser, House, KeyRound, Share2, Tags } from 'lucide-react';
import { lazy } from 'react';
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
      stage: 'know',
      to: '/households',
      label: 'customer:household.title',
      icon: House,
      permission: 'customer:read',
      keys: 'g h',
    },
    { stage: 'know', to: '/referrals', label: 'customer:referral.title', icon: Share2, permission: 'customer:read' },
    {
      stage: 'know',
      to: '/keys',
      label: 'customer:key.title',
      icon: KeyRound,
      permission: 'customer:read',
      keys: 'g k',
    },
    { stage: 'settings', to: '/golden-rules', label: 'customer:golden.title', icon: Crown, permission: 'match:read' },
    {
      stage: 'settings',
      to: '/attributes',
      label: 'customer:attribute.title',
      icon: Tags,
      permission: 'attribute:create',
    },
    {
      stage: 'settings',
      to: '/erasures',
      label: 'customer:erase.register',
      icon: Eraser,
      permission: 'customer:erase',
    },
  ],
  panels: [
    {
      slot: 'customer.side',
      id: 'household',
      label: 'customer:household.one',
      order: 20,
      permission: 'customer:read',
      component: lazy(() => import('./household/HouseholdPanel').then((m) => ({ default: m.HouseholdPanel }))),
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
    path: '/households',
    validateSearch: (search: Record<string, unknown>): { tab?: 'suggested' | 'confirmed' | 'crowded' } =>
      search.tab === 'confirmed' || search.tab === 'crowded' || search.tab === 'suggested' ? { tab: search.tab } : {},
    component: lazyRouteComponent(() => import('./household/HouseholdsPage'), 'HouseholdsPage'),
  }),
  createRoute({
    ...page,
    path: '/households/$id',
    component: lazyRouteComponent(() => import('./household/HouseholdPage'), 'HouseholdPage'),
  }),
  createRoute({
    ...page,
    path: '/referrals',
    validateSearch: (search: Record<string, unknown>): { customer?: number } =>
      typeof search.customer === 'number' ? { customer: search.customer } : {},
    component: lazyRouteComponent(() => import('./referral/ReferralsPage'), 'ReferralsPage'),
  }),
  createRoute({
    ...page,
    path: '/keys',
    validateSearch: (search: Record<string, unknown>): { key?: string; scheme?: string } => ({
      ...(typeof search.key === 'string' || typeof search.key === 'number' ? { key: String(search.key) } : {}),
      ...(typeof search.scheme === 'string' ? { scheme: search.scheme } : {}),
    }),
    component: lazyRouteComponent(() => import('./keys/KeysPage'), 'KeysPage'),
  }),
  createRoute({
    ...page,
    path: '/golden-rules',
    component: lazyRouteComponent(() => import('./golden/GoldenRulesPage'), 'GoldenRulesPage'),
  }),
  createRoute({
    ...page,
    path: '/attributes',
    component: lazyRouteComponent(() => import('./attribute/AttributesPage'), 'AttributesPage'),
  }),
  createRoute({
    ...page,
    path: '/erasures',
    component: lazyRouteComponent(() => import('./erase/ErasuresPage'), 'ErasuresPage'),
  }),
] as const;
