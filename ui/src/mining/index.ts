// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { ChartSpline, CircleQuestionMark, Grid3x3 } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';

export const mining = defineCapability({
  name: 'mining',
  nav: [
    {
      stage: 'understand',
      to: '/questions',
      label: 'mining:gallery.title',
      icon: CircleQuestionMark,
      permission: 'mining:read',
    },
    {
      stage: 'understand',
      to: '/rfm',
      label: 'mining:rfm.title',
      icon: Grid3x3,
      permission: 'mining:read',
      keys: 'g r',
    },
    { stage: 'understand', to: '/pareto', label: 'mining:pareto.title', icon: ChartSpline, permission: 'mining:read' },
  ],
});

const page = { getParentRoute: () => shellRoute };

export const miningRoutes = [
  createRoute({
    ...page,
    path: '/questions',
    component: lazyRouteComponent(() => import('./GalleryPage'), 'GalleryPage'),
  }),
  createRoute({ ...page, path: '/rfm', component: lazyRouteComponent(() => import('./RfmPage'), 'RfmPage') }),
  createRoute({ ...page, path: '/pareto', component: lazyRouteComponent(() => import('./ParetoPage'), 'ParetoPage') }),
] as const;
