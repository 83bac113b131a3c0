// SPDX-License-Identifier: Apache-2.0
import { api } from '@/app/api';
import type { GroupRule } from '@/shared/filter';

/** Saves the people of a finding as a segment, so that offers and campaigns can name it. */
export const keepSegment = (name: string, rules: GroupRule) =>
  api.post<{ id: number }>('/api/segments', { body: { name, rules } });
