// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { BellRing, BookOpen, Gauge, Layers, SquareTerminal, Table2 } from 'lucide-react';
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
    {
      stage: 'understand',
      to: '/boards',
      label: 'cube:board.title',
      icon: Gauge,
      permission: 'cube:read',
      keys: 'g b',
    },
    {
      stage: 'understand',
      to: '/subscriptions',
      label: 'cube:subscription.title',
      icon: BellRing,
      permission: 'cube:read',
    },
    {
      stage: 'understand',
      to: '/measures',
      label: 'cube:catalogue.title',
      icon: BookOpen,
      permission: 'cube:read',
    },
    {
      stage: 'understand',
      to: '/sql',
      label: 'cube:sql.title',
      icon: SquareTerminal,
      permission: 'cube:sql',
    },
    {
      stage: 'settings',
      to: '/tiers',
      label: 'cube:tier.title',
      icon: Layers,
      permission: 'system:read',
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
    {
      id: 'boards',
      label: 'cube:board.title',
      icon: Gauge,
      to: '/boards',
      permission: 'cube:read',
      words: '대시보드 경영 현황 dashboard executive kpi',
    },
    {
      id: 'subscriptions',
      label: 'cube:subscription.title',
      icon: BellRing,
      to: '/subscriptions',
      permission: 'cube:read',
      words: '구독 알림 메일 subscription alert report mail',
    },
    {
      id: 'metrics',
      label: 'cube:catalogue.title',
      icon: BookOpen,
      to: '/measures',
      permission: 'cube:read',
      words: '지표 정의 계산식 metric formula catalogue',
    },
    {
      id: 'sql',
      label: 'cube:sql.title',
      icon: SquareTerminal,
      to: '/sql',
      permission: 'cube:sql',
      words: 'sql 쿼리 query 분석가 analyst',
    },
    {
      id: 'tiers',
      label: 'cube:tier.title',
      icon: Layers,
      to: '/tiers',
      permission: 'system:read',
      words: '보관 저장 오래된 자료 storage cold archive parquet cost',
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
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/boards',
    validateSearch: (search: Record<string, unknown>): { board?: number } =>
      typeof search['board'] === 'number' ? { board: search['board'] } : {},
    component: lazyRouteComponent(() => import('./board/BoardPage'), 'BoardPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/subscriptions',
    component: lazyRouteComponent(() => import('./subscription/SubscriptionsPage'), 'SubscriptionsPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/measures',
    component: lazyRouteComponent(() => import('./CataloguePage'), 'CataloguePage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/sql',
    component: lazyRouteComponent(() => import('./sql/SqlPage'), 'SqlPage'),
  }),
  createRoute({
    getParentRoute: () => shellRoute,
    path: '/tiers',
    component: lazyRouteComponent(() => import('./tier/TierPage'), 'TierPage'),
  }),
] as const;
