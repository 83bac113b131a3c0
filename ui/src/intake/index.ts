// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const intake = defineCapability({ name: 'intake' });

export const intakeRoutes = [] as const;
