// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const team = defineCapability({ name: 'team' });

export const teamRoutes = [] as const;
