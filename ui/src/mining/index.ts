// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const mining = defineCapability({ name: 'mining' });

export const miningRoutes = [] as const;
