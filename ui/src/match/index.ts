// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Combine, GitCompareArrows } from 'lucide-react';
import { lazy } from 'react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';
import { validateReviewSearch } from './review/search';

export const match = defineCapability({
  name: 'match',
  panels: [
    {
      slot: 'customer.highlight',
      id: 'match-alike',
      label: 'match:review.title',
      order: 90,
      permission: 'match:read',
      component: lazy(() => import('./AlikePanel').then((m) => ({ default: m.AlikePanel }))),
    },
  ],
  nav: [
    {
      stage: 'know',
      to: '/match',
      label: 'match:title',
      icon: Combine,
      permission: 'match:read',
      exact: true,
    },
    {
      stage: 'know',
      to: '/match/review',
      label: 'match:review.title',
      icon: GitCompareArrows,
      permission: 'match:read',
      keys: 'g v',
    },
  ],
});

const page = { getParentRoute: () => shellRoute };

export const matchRoutes = [
  createRoute({ ...page, path: '/match', component: lazyRouteComponent(() => import('./run/RunsPage'), 'RunsPage') }),
  createRoute({
    ...page,
    path: '/match/runs/$id',
    component: lazyRouteComponent(() => import('./run/RunPage'), 'RunPage'),
  }),
  createRoute({
    ...page,
    path: '/match/review',
    validateSearch: validateReviewSearch,
    component: lazyRouteComponent(() => import('./review/ReviewPage'), 'ReviewPage'),
  }),
  createRoute({
    ...page,
    path: '/match/model',
    component: lazyRouteComponent(() => import('./model/ModelPage'), 'ModelPage'),
  }),
] as const;
