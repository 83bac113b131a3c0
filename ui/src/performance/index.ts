// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';

export const performance = defineCapability({
  name: 'performance',
  nav: [
    {
      stage: 'measure',
      to: '/performance',
      label: 'performance:title',
      icon: ChartColumn,
      permission: 'performance:read',
      keys: 'g m',
    },
  ],
});

const page = { getParentRoute: () => shellRoute };

export const performanceRoutes = [
  createRoute({
    ...page,
    path: '/performance',
    component: lazyRouteComponent(() => import('./overview/OverviewPage'), 'OverviewPage'),
  }),
  createRoute({
    ...page,
    path: '/campaigns/$id/result',
    component: lazyRouteComponent(() => import('./result/ResultPage'), 'ResultPage'),
  }),
  createRoute({
    ...page,
    path: '/journeys/$id/result',
    component: lazyRouteComponent(() => import('./result/JourneyResultPage'), 'JourneyResultPage'),
  }),
] as const;
