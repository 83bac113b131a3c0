// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Gift, Megaphone, Route } from 'lucide-react';
import { lazy } from 'react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';

export const campaign = defineCapability({
  name: 'campaign',
  nav: [
    {
      stage: 'act',
      to: '/campaigns',
      label: 'campaign:title',
      icon: Megaphone,
      permission: 'campaign:read',
      keys: 'g a',
    },
    {
      stage: 'act',
      to: '/journeys',
      label: 'campaign:journey.title',
      icon: Route,
      permission: 'campaign:read',
      keys: 'g y',
    },
    {
      stage: 'act',
      to: '/offers',
      label: 'campaign:offer.title',
      icon: Gift,
      permission: 'campaign:read',
      keys: 'g o',
    },
  ],
  panels: [
    {
      slot: 'customer.side',
      id: 'campaign.offer',
      label: 'campaign:offer.next',
      order: 60,
      permission: 'campaign:answer',
      component: lazy(async () => ({ default: (await import('./offer/NextOffer')).NextOffer })),
    },
  ],
  commands: [
    {
      id: 'campaign.new',
      label: 'campaign:new',
      icon: Megaphone,
      to: '/campaigns/new',
      permission: 'campaign:create',
      words: '캠페인 만들기 메일 보내기 send campaign',
    },
  ],
});

/** The parts of the list that an address may name. */
type View = 'draft' | 'active' | 'ended';
/** The steps of the editor that an address may name. */
type Step = 'goal' | 'audience' | 'message' | 'control' | 'check';

/** What the address of a campaign keeps. */
interface CampaignSearch {
  tab?: 'recipients';
  state?: string;
  arm?: string;
  reason?: string;
}

const steps: readonly unknown[] = ['goal', 'audience', 'message', 'control', 'check'];
const views: readonly unknown[] = ['draft', 'active', 'ended'];

function validateStep({ step }: Record<string, unknown>): { step?: Step } {
  return steps.includes(step) ? { step: step as Step } : {};
}

function validateCampaign({ tab, state, arm, reason }: Record<string, unknown>): CampaignSearch {
  return {
    ...(tab === 'recipients' ? { tab } : {}),
    ...(typeof state === 'string' ? { state } : {}),
    ...(typeof arm === 'string' ? { arm } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

const page = { getParentRoute: () => shellRoute };

export const campaignRoutes = [
  createRoute({
    ...page,
    path: '/offers',
    // Another page hands an offer over that is to be made, such as one to the people of a finding.
    validateSearch: ({ draft }: Record<string, unknown>): { draft?: object } =>
      typeof draft === 'object' && draft !== null ? { draft } : {},
    component: lazyRouteComponent(() => import('./offer/OffersPage'), 'OffersPage'),
  }),
  createRoute({
    ...page,
    path: '/journeys',
    component: lazyRouteComponent(() => import('./journey/JourneysPage'), 'JourneysPage'),
  }),
  createRoute({
    ...page,
    path: '/journeys/$id',
    component: lazyRouteComponent(() => import('./journey/JourneyPage'), 'JourneyPage'),
  }),
  createRoute({
    ...page,
    path: '/campaigns',
    validateSearch: ({ view }: Record<string, unknown>): { view?: View } =>
      views.includes(view) ? { view: view as View } : {},
    component: lazyRouteComponent(() => import('./list/CampaignsPage'), 'CampaignsPage'),
  }),
  createRoute({
    ...page,
    path: '/campaigns/new',
    validateSearch: (search: Record<string, unknown>): { step?: Step; segment?: number } => ({
      ...validateStep(search),
      ...(typeof search.segment === 'number' ? { segment: search.segment } : {}),
    }),
    component: lazyRouteComponent(() => import('./edit/EditPage'), 'NewCampaignPage'),
  }),
  createRoute({
    ...page,
    path: '/campaigns/$id',
    validateSearch: validateCampaign,
    component: lazyRouteComponent(() => import('./run/CampaignPage'), 'CampaignPage'),
  }),
  createRoute({
    ...page,
    path: '/campaigns/$id/edit',
    validateSearch: validateStep,
    component: lazyRouteComponent(() => import('./edit/EditPage'), 'EditPage'),
  }),
] as const;
