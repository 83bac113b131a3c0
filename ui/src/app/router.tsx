// SPDX-License-Identifier: Apache-2.0
import { createRouter } from '@tanstack/react-router';
import { campaignRoutes } from '@/campaign';
import { consentRoutes } from '@/consent';
import { cubeRoutes } from '@/cube';
import { customerRoutes } from '@/customer';
import { dataqualityRoutes } from '@/dataquality';
import { intakeRoutes } from '@/intake';
import { mailRoutes } from '@/mail';
import { matchRoutes } from '@/match';
import { miningRoutes } from '@/mining';
import { orderRoutes } from '@/order';
import { performanceRoutes } from '@/performance';
import { segmentRoutes } from '@/segment';
import { teamRoutes } from '@/team';
import { rootRoute, shellRoute, signInRoute } from './layout';
import { queries } from './queries';
import { shellRoutes } from './shell';
import { PagePending } from './shell/PagePending';

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    ...shellRoutes,
    ...intakeRoutes,
    ...customerRoutes,
    ...dataqualityRoutes,
    ...matchRoutes,
    ...consentRoutes,
    ...orderRoutes,
    ...cubeRoutes,
    ...miningRoutes,
    ...segmentRoutes,
    ...campaignRoutes,
    ...mailRoutes,
    ...performanceRoutes,
    ...teamRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queries },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: PagePending,
  defaultPendingMs: 300,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
