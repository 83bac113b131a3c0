// SPDX-License-Identifier: Apache-2.0
import type { Measure } from './api';

/** The ways to look at a measure; each is written behind its name. */
export const looks = [
  '',
  '.share',
  '.row_share',
  '.column_share',
  '.rank',
  '.running',
  '.moving3',
  '.moving12',
  '.step',
  '.per_workday',
] as const;
export type Look = (typeof looks)[number];

/** Parts the name of a measure from the way it is looked at. */
export function splitLook(name: string): { base: string; look: Look } {
  const look = looks.find((l) => l !== '' && name.endsWith(l)) ?? '';
  return { base: look === '' ? name : name.slice(0, -look.length), look };
}

/** The looks that make sense for a measure. */
export function looksOf(measure: Measure | undefined, hasTime: boolean, hasColumns: boolean): Look[] {
  return looks.filter((look) => {
    if (look === '.share') return measure?.has_share ?? false;
    if (look === '.row_share' || look === '.column_share')
      return measure?.kind !== 'percent' && (look !== '.row_share' || hasColumns);
    if (look === '.running') return hasTime && (measure?.can_run ?? false);
    if (look === '.moving3' || look === '.moving12' || look === '.step') return hasTime;
    if (look === '.per_workday') return measure?.has_time ?? false;
    return true;
  });
}
