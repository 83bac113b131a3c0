// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { KeyRound, UsersRound } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';

/** The staff, what they may do, and the branches. */
export const team = defineCapability({
  name: 'team',
  nav: [{ stage: 'settings', to: '/people', label: 'team:title', icon: UsersRound, permission: 'team:read' }],
  commands: [{ id: 'tokens', label: 'team:token.title', icon: KeyRound, to: '/tokens', words: 'api token 토큰' }],
});

const page = { getParentRoute: () => shellRoute };

export const teamRoutes = [
  createRoute({
    ...page,
    path: '/people',
    validateSearch: (search: Record<string, unknown>): { tab?: 'roles' | 'branches' } =>
      search.tab === 'roles' || search.tab === 'branches' ? { tab: search.tab } : {},
    component: lazyRouteComponent(() => import('./TeamPage'), 'TeamPage'),
  }),
  createRoute({ ...page, path: '/tokens', component: lazyRouteComponent(() => import('./TokensPage'), 'TokensPage') }),
] as const;
