// SPDX-License-Identifier: Apache-2.0
import { translate } from '@/app/i18n';

/** Why someone gets no message, in the person's language. */
export const reasonLabel = (reason: string) => translate(`campaign:reason.${reason}`, reason);

/** What can be done about it; empty when nothing should. */
export const reasonRemedy = (reason: string) => translate(`campaign:reasonFix.${reason}`, '');

/** Reasons with their counts, the most frequent first. */
export function byCount(skipped: Record<string, number> | undefined): { reason: string; count: number }[] {
  return Object.entries(skipped ?? {})
    .map(([reason, count]) => ({ reason, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
