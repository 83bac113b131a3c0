// SPDX-License-Identifier: Apache-2.0

/** How far the work was at a time. */
export interface Mark {
  at: number;
  done: number;
}

const WINDOW = 15_000;
const SHORTEST = 1500;

/** Rows a second over the last marks; notes the new mark. 0 while it is too early to tell. */
export function speedOf(marks: Mark[], now: Mark): number {
  const last = marks.at(-1);
  if (!last || now.done > last.done) marks.push(now);
  while (marks.length > 2 && now.at - (marks[0]?.at ?? 0) > WINDOW) marks.shift();
  const first = marks[0];
  const newest = marks.at(-1);
  if (!first || !newest || newest.at - first.at < SHORTEST) return 0;
  return (1000 * (newest.done - first.done)) / (newest.at - first.at);
}
