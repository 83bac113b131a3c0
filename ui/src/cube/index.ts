// SPDX-License-Identifier: Apache-2.0
import { defineCapability } from '@/app/capability';

export const cube = defineCapability({ name: 'cube' });

export const cubeRoutes = [] as const;
