// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Database, FileInput } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';

export const intake = defineCapability({
  name: 'intake',
  nav: [
    {
      stage: 'collect',
      to: '/import',
      label: 'intake:title',
      icon: FileInput,
      permission: 'customer:import',
      keys: 'g i',
    },
    {
      stage: 'collect',
      to: '/sources',
      label: 'intake:source.title',
      icon: Database,
      permission: 'customer:import',
    },
  ],
});

const page = { getParentRoute: () => shellRoute };

export const intakeRoutes = [
  createRoute({
    ...page,
    path: '/import',
    component: lazyRouteComponent(() => import('./start/ImportPage'), 'ImportPage'),
  }),
  createRoute({
    ...page,
    path: '/import/files/$id',
    validateSearch: (search: Record<string, unknown>): { step?: 'map' } =>
      search.step === 'map' ? { step: 'map' } : {},
    component: lazyRouteComponent(() => import('./file/FilePage'), 'FilePage'),
  }),
  createRoute({
    ...page,
    path: '/import/batches/$id',
    component: lazyRouteComponent(() => import('./batch/BatchPage'), 'BatchPage'),
  }),
  createRoute({
    ...page,
    path: '/sources',
    component: lazyRouteComponent(() => import('./source/SourcesPage'), 'SourcesPage'),
  }),
] as const;
