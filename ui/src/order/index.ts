// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const order = defineCapability({ name: 'order' });

export const orderRoutes = [] as const;
