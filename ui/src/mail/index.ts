// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const mail = defineCapability({ name: 'mail' });

export const mailRoutes = [] as const;
