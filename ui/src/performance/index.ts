// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const performance = defineCapability({ name: 'performance' });

export const performanceRoutes = [] as const;
