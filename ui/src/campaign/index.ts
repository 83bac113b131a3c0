// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const campaign = defineCapability({ name: 'campaign' });

export const campaignRoutes = [] as const;
