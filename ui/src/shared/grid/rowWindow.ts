// SPDX-License-Identifier: Apache-2.0

/** Browsers clamp an element at 17.9 (Firefox) or 33.5 (Chromium) million px; a million rows need 34. */
export const SPACE_MAX = 8_000_000;

/** The sizes that a row window works with, in px. */
export interface WindowSizes {
  rows: number;
  rowHeight: number;
  /** The visible height below the header. */
  view: number;
}

/** Where the window stands: the native scroll position and the place in all rows that it shows. */
export interface WindowPlace {
  scroll: number;
  top: number;
}

/** The height of the scroll space: real as long as the browser can hold it. */
export function spaceOf(sizes: WindowSizes): number {
  return Math.min(sizes.rows * sizes.rowHeight, SPACE_MAX);
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), Math.max(low, high));

/** Follows a native scroll: small moves (wheel, keys) are 1:1, jumps of the scrollbar are scaled to all rows. */
export function followScroll(before: WindowPlace, scroll: number, sizes: WindowSizes): WindowPlace {
  const real = sizes.rows * sizes.rowHeight;
  const space = spaceOf(sizes);
  if (real <= space) return { scroll, top: scroll };
  const room = real - sizes.view;
  const track = space - sizes.view;
  const moved = scroll - before.scroll;
  const top =
    Math.abs(moved) < 2 * sizes.view ? clamp(before.top + moved, 0, room) : clamp((scroll / track) * room, 0, room);
  return { top, scroll: settle(top, scroll, room, track) };
}

/** Jumps to a place in all rows. */
export function placeAt(top: number, sizes: WindowSizes): WindowPlace {
  const real = sizes.rows * sizes.rowHeight;
  const space = spaceOf(sizes);
  const wanted = clamp(top, 0, real - sizes.view);
  if (real <= space) return { scroll: wanted, top: wanted };
  const room = real - sizes.view;
  const track = space - sizes.view;
  return { top: wanted, scroll: Math.round((wanted / room) * track) };
}

/** Keeps the native position from reaching an end before the rows do, and the reverse. */
function settle(top: number, scroll: number, room: number, track: number): number {
  if (top <= 0) return 0;
  if (top >= room) return track;
  if (scroll <= 0 || scroll >= track) return clamp(Math.round((top / room) * track), 1, track - 1);
  return scroll;
}
