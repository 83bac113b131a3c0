// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const consent = defineCapability({ name: 'consent' });

export const consentRoutes = [] as const;
