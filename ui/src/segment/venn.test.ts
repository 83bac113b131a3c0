// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { circles, distance, lens } from './venn';

test('two circles share as much as the sets do', () => {
  for (const shared of [0.1, 0.5, 1.2]) expect(lens(1, 0.8, distance(1, 0.8, shared))).toBeCloseTo(shared, 6);
  const [a, b] = circles(
    [100, 25],
    [
      { sets: [0], count: 85 },
      { sets: [1], count: 10 },
      { sets: [0, 1], count: 15 },
    ],
  );
  expect(a?.r).toBe(1);
  expect(b?.r).toBe(0.5);
  expect(lens(1, 0.5, b?.x ?? 0)).toBeCloseTo(Math.PI * 0.15, 6);
});

test('a set inside another lies inside it, and strangers lie apart', () => {
  const [, inner] = circles(
    [100, 25],
    [
      { sets: [0], count: 75 },
      { sets: [0, 1], count: 25 },
    ],
  );
  expect(inner?.x).toBeCloseTo(0.5, 6);
  const [, other] = circles(
    [100, 25],
    [
      { sets: [0], count: 100 },
      { sets: [1], count: 25 },
    ],
  );
  expect(other?.x).toBeCloseTo(1.5, 6);
});

test('three sets get three circles that are numbers', () => {
  const three = circles([10, 10, 10], [{ sets: [0, 1, 2], count: 10 }]);
  expect(three.every((c) => [c.x, c.y, c.r].every(Number.isFinite))).toBe(true);
});
