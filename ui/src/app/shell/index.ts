// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Activity, BookOpen, Cog, History, House, ServerCog, UserRound } from 'lucide-react';
import { defineCapability } from '../capability';
import { shellRoute } from '../layout';

/** The pages of the shell itself: home, own account and the technique behind the product. */
export const shell = defineCapability({
  name: 'app',
  nav: [
    { stage: 'home', to: '/', label: 'app:nav.home', icon: House, keys: 'g h', exact: true },
    { stage: 'settings', to: '/journal', label: 'app:nav.journal', icon: History, permission: 'journal:read' },
    { stage: 'settings', to: '/jobs', label: 'app:nav.jobs', icon: Activity, permission: 'job:read', keys: 'g j' },
    { stage: 'settings', to: '/system', label: 'app:nav.system', icon: ServerCog, permission: 'system:read' },
  ],
  commands: [
    {
      id: 'account',
      label: 'app:account.title',
      icon: UserRound,
      to: '/account',
      words: '내 계정 비밀번호 언어 password theme',
    },
    {
      id: 'settings',
      label: 'app:system.title',
      icon: Cog,
      to: '/system',
      permission: 'system:read',
      words: 'warehouse 창고',
    },
    {
      id: 'api-docs',
      label: 'app:nav.apiDocs',
      icon: BookOpen,
      words: 'openapi rest',
      run: () => window.open('/api/docs', '_blank', 'noopener'),
    },
  ],
});

const page = { getParentRoute: () => shellRoute };

export const shellRoutes = [
  createRoute({ ...page, path: '/', component: lazyRouteComponent(() => import('../home/HomePage'), 'HomePage') }),
  createRoute({
    ...page,
    path: '/account',
    component: lazyRouteComponent(() => import('../account/AccountPage'), 'AccountPage'),
  }),
  createRoute({
    ...page,
    path: '/journal',
    validateSearch: (search: Record<string, unknown>): { tab?: 'access'; subject?: number } => ({
      ...(search.tab === 'access' ? { tab: 'access' as const } : {}),
      ...(typeof search.subject === 'number' ? { subject: search.subject } : {}),
    }),
    component: lazyRouteComponent(() => import('../system/JournalPage'), 'JournalPage'),
  }),
  createRoute({
    ...page,
    path: '/jobs',
    component: lazyRouteComponent(() => import('../system/JobsPage'), 'JobsPage'),
  }),
  createRoute({
    ...page,
    path: '/system',
    component: lazyRouteComponent(() => import('../system/SystemPage'), 'SystemPage'),
  }),
] as const;
