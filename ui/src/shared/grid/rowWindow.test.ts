// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { followScroll, placeAt, spaceOf, SPACE_MAX, type WindowSizes } from './rowWindow';

const million: WindowSizes = { rows: 1_000_000, rowHeight: 34, view: 800 };
const few: WindowSizes = { rows: 100, rowHeight: 34, view: 800 };

test('few rows scroll natively', () => {
  expect(followScroll({ scroll: 0, top: 0 }, 340, few)).toEqual({ scroll: 340, top: 340 });
  expect(spaceOf(few)).toBe(3400);
});

test('a wheel step moves exactly as many rows in the middle of a million', () => {
  const middle = placeAt(500_000 * 34, million);
  const after = followScroll(middle, middle.scroll + 340, million);
  expect(after.top - middle.top).toBe(340);
});

test('the scrollbar reaches the last row', () => {
  const end = followScroll({ scroll: 0, top: 0 }, SPACE_MAX - million.view, million);
  expect(end.top + million.view).toBe(34_000_000);
});

test('the end key reaches the last row and the wheel comes back from it', () => {
  const end = placeAt(Number.MAX_SAFE_INTEGER, million);
  expect(end.top + million.view).toBe(34_000_000);
  const back = followScroll(end, end.scroll - 100, million);
  expect(end.top - back.top).toBe(100);
});

test('wheeling to the native end does not stop before the last row', () => {
  const near = { scroll: SPACE_MAX - million.view - 10, top: 20_000_000 };
  const after = followScroll(near, SPACE_MAX - million.view, million);
  expect(after.top).toBe(20_000_010);
  expect(after.scroll).toBeLessThan(SPACE_MAX - million.view);
});

test('wheeling up to the first row leaves nothing above it', () => {
  const after = followScroll({ scroll: 500, top: 30 }, 400, million);
  expect(after).toEqual({ scroll: 0, top: 0 });
});
