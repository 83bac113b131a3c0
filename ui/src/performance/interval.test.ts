// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { points, shareInterval } from './interval';

test('the interval of a share by Wilson', () => {
  // 10 of 100: 5.52 % to 17.44 %.
  const [low, high] = shareInterval(0.1, 100);
  expect(low).toBeCloseTo(0.0552, 4);
  expect(high).toBeCloseTo(0.1744, 4);
});

test('nothing seen is not the same as never', () => {
  const [low, high] = shareInterval(0, 50);
  expect(low).toBe(0);
  expect(high).toBeGreaterThan(0.05);
  expect(shareInterval(0, 0)).toEqual([0, 1]);
});

test('points carry their sign', () => {
  expect(points(0.0083)).toBe('+0.83');
  expect(points(-0.002, 1)).toBe('−0.2');
  expect(points(-0.00001)).toBe('0.00');
});
