// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { UsersRound } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';
import type { GroupRule } from '@/shared/filter';

export const segment = defineCapability({
  name: 'segment',
  nav: [
    {
      stage: 'understand',
      to: '/segments',
      label: 'segment:title',
      icon: UsersRound,
      permission: 'segment:read',
      keys: 'g s',
    },
  ],
  commands: [
    {
      id: 'segment-new',
      label: 'segment:new',
      icon: UsersRound,
      to: '/segments/0',
      permission: 'segment:create',
      words: '세그먼트 만들기 target group create',
    },
  ],
});

/** Rules that another page hands over in the address ("make a segment of this cell"). */
export interface SegmentSearch {
  rules?: GroupRule;
  name?: string;
  tab?: string;
}

function validate(search: Record<string, unknown>): SegmentSearch {
  const { rules, name, tab } = search;
  const group = typeof rules === 'object' && rules !== null && 'op' in rules && 'rules' in rules;
  return {
    ...(group ? { rules: rules as GroupRule } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof tab === 'string' ? { tab } : {}),
  };
}

const page = { getParentRoute: () => shellRoute };

export const segmentRoutes = [
  createRoute({
    ...page,
    path: '/segments',
    component: lazyRouteComponent(() => import('./SegmentsPage'), 'SegmentsPage'),
  }),
  createRoute({
    ...page,
    path: '/segments/$id',
    validateSearch: validate,
    component: lazyRouteComponent(() => import('./SegmentPage'), 'SegmentPage'),
  }),
] as const;
