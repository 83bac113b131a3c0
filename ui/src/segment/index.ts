// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const segment = defineCapability({ name: 'segment' });

export const segmentRoutes = [] as const;
