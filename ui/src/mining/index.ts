// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Bot, ChartSpline, ChartLine, CircleQuestionMark, Gem, Grid3x3, Radar, ShoppingBasket } from 'lucide-react';
import { lazy } from 'react';
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
    { stage: 'understand', to: '/value', label: 'mining:value.title', icon: Gem, permission: 'mining:read' },
    {
      stage: 'understand',
      to: '/forecast',
      label: 'mining:forecast.title',
      icon: ChartLine,
      permission: 'mining:read',
    },
    {
      stage: 'understand',
      to: '/prediction',
      label: 'mining:finding.prediction.title',
      icon: Radar,
      permission: 'mining:read',
    },
    {
      stage: 'understand',
      to: '/basket',
      label: 'mining:finding.basket.title',
      icon: ShoppingBasket,
      permission: 'mining:read',
    },
    { stage: 'understand', to: '/models', label: 'mining:models.title', icon: Bot, permission: 'mining:read' },
    { stage: 'understand', to: '/pareto', label: 'mining:pareto.title', icon: ChartSpline, permission: 'mining:read' },
  ],
  panels: [
    {
      slot: 'customer.side',
      id: 'mining.scores',
      label: 'mining:scores.title',
      order: 50,
      permission: 'mining:read',
      component: lazy(async () => ({ default: (await import('./prediction/CustomerScores')).CustomerScores })),
    },
  ],
});

type RfmView = 'movement' | 'lines' | 'response';
const rfmViews: unknown[] = ['movement', 'lines', 'response'] satisfies RfmView[];

const page = { getParentRoute: () => shellRoute };

export const miningRoutes = [
  createRoute({
    ...page,
    path: '/questions',
    component: lazyRouteComponent(() => import('./GalleryPage'), 'GalleryPage'),
  }),
  createRoute({
    ...page,
    path: '/rfm',
    validateSearch: ({ view }: Record<string, unknown>): { view?: RfmView } =>
      rfmViews.includes(view) ? { view: view as RfmView } : {},
    component: lazyRouteComponent(() => import('./rfm/RfmPage'), 'RfmPage'),
  }),
  createRoute({ ...page, path: '/pareto', component: lazyRouteComponent(() => import('./ParetoPage'), 'ParetoPage') }),
  createRoute({
    ...page,
    path: '/value',
    component: lazyRouteComponent(() => import('./value/ValuePage'), 'ValuePage'),
  }),
  createRoute({
    ...page,
    path: '/value/stages',
    component: lazyRouteComponent(() => import('./value/ValuePage'), 'StagesPage'),
  }),
  createRoute({
    ...page,
    path: '/value/cohorts',
    component: lazyRouteComponent(() => import('./value/ValuePage'), 'CohortsPage'),
  }),
  createRoute({
    ...page,
    path: '/value/retention',
    component: lazyRouteComponent(() => import('./value/ValuePage'), 'RetentionPage'),
  }),
  createRoute({ ...page, path: '/grades', component: lazyRouteComponent(() => import('./GradePage'), 'GradePage') }),
  createRoute({
    ...page,
    path: '/scorecards',
    component: lazyRouteComponent(() => import('./ScorecardPage'), 'ScorecardPage'),
  }),
  createRoute({ ...page, path: '/share', component: lazyRouteComponent(() => import('./SharePage'), 'SharePage') }),
  createRoute({
    ...page,
    path: '/verdict',
    component: lazyRouteComponent(() => import('./VerdictPage'), 'VerdictPage'),
  }),
  createRoute({
    ...page,
    path: '/forecast',
    component: lazyRouteComponent(() => import('./forecast/ForecastPage'), 'ForecastPage'),
  }),
  createRoute({
    ...page,
    path: '/prediction',
    component: lazyRouteComponent(() => import('./prediction/PredictionPage'), 'PredictionPage'),
  }),
  createRoute({
    ...page,
    path: '/lookalikes',
    component: lazyRouteComponent(() => import('./prediction/LookalikePage'), 'LookalikePage'),
  }),
  createRoute({
    ...page,
    path: '/models',
    component: lazyRouteComponent(() => import('./prediction/ModelsPage'), 'ModelsPage'),
  }),
  createRoute({
    ...page,
    path: '/models/$event',
    component: lazyRouteComponent(() => import('./prediction/ModelPage'), 'ModelPage'),
  }),
  createRoute({
    ...page,
    path: '/basket',
    component: lazyRouteComponent(() => import('./basket/BasketPage'), 'BasketPage'),
  }),
  createRoute({
    ...page,
    path: '/profile',
    component: lazyRouteComponent(() => import('./ProfilePage'), 'ProfilePage'),
  }),
  createRoute({
    ...page,
    path: '/recommendation',
    component: lazyRouteComponent(() => import('./RecommendationPage'), 'RecommendationPage'),
  }),
  createRoute({
    ...page,
    path: '/statistics',
    component: lazyRouteComponent(() => import('./StatisticsPage'), 'StatisticsPage'),
  }),
  createRoute({
    ...page,
    path: '/chaos',
    component: lazyRouteComponent(() => import('./chaos/ChaosPage'), 'ChaosPage'),
  }),
  createRoute({
    ...page,
    path: '/uplift',
    component: lazyRouteComponent(() => import('./uplift/UpliftPage'), 'UpliftPage'),
  }),
  createRoute({
    ...page,
    path: '/cluster',
    component: lazyRouteComponent(() => import('./ClusterPage'), 'ClusterPage'),
  }),
] as const;
