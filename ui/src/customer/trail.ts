// SPDX-License-Identifier: Apache-2.0

/** The list that a customer was opened from, so that its page can go back and walk on. */
export interface Trail {
  /** The address of the list with its view, filters and search. */
  href: string;
  /** The customers of the list around the opened one, in its order. */
  ids: number[];
}

let trail: Trail | undefined;

/** Remembers the list when one of its customers is opened. */
export function leaveTrail(next: Trail): void {
  trail = next;
}

/** The list that a customer belongs to, with the neighbours there. */
export function trailOf(id: number): (Trail & { previous?: number; next?: number; place: number }) | undefined {
  const at = trail?.ids.indexOf(id) ?? -1;
  if (!trail || at < 0) return undefined;
  return { ...trail, place: at, previous: trail.ids[at - 1], next: trail.ids[at + 1] };
}
