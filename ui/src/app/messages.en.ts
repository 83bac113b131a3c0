// SPDX-License-Identifier: Apache-2.0
import { byFolder } from './messages';

/** All texts of this language by capability. */
export const messages = byFolder(
  import.meta.glob<Record<string, unknown>>('/src/*/en.json', { eager: true, import: 'default' }),
);
