// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { controlSize, detectable, neededEach } from './power';

test('the rule of thumb of sixteen', () => {
  expect(neededEach(0.03, 0.01)).toBe(4656);
});

test('what groups can show and what they need agree', () => {
  const each = neededEach(0.05, 0.01);
  expect(detectable(each, each, 0.05)).toBeCloseTo(0.01, 4);
});

test('a small control group can show only large differences', () => {
  const large = detectable(9000, 1000, 0.03) ?? 0;
  const small = detectable(9900, 100, 0.03) ?? 0;
  expect(small).toBeGreaterThan(2.5 * large);
  expect(detectable(100, 0, 0.03)).toBeUndefined();
});

test('the control group is a share, at least the minimum where there are enough people', () => {
  expect(controlSize(12_345, 1000, 500)).toBe(1235);
  expect(controlSize(3000, 1000, 500)).toBe(500);
  expect(controlSize(800, 1000, 500)).toBe(80);
  expect(controlSize(3000, 0, 500)).toBe(0);
});
