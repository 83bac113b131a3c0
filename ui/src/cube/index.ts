// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Table2 } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';
import { validatePivotSearch } from './pivotSearch';

export const cube = defineCapability({
  name: 'cube',
  nav: [
    {
      stage: 'understand',
      to: '/pivot',
      label: 'cube:title',
      icon: Table2,
      permission: 'cube:read',
      keys: 'g p',
    },
  ],
  commands: [
    {
      id: 'pivot',
      label: 'cube:open',
      icon: Table2,
      to: '/pivot',
      permission: 'cube:read',
      words: '피벗 분석 olap 교차표 report 매출',
    },
  ],
});

export const cubeRoutes = [
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/pivot',
    validateSearch: validatePivotSearch,
    component: lazyRouteComponent(() => import('./PivotPage'), 'PivotPage'),
  }),
] as const;
