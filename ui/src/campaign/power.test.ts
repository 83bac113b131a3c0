// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { controlSize, detectable, neededEach } from './power';

test('the rule of thumb of sixteen', () => {
  // 16 · 0.03 · 0.97 / 0.01² = 4,656
  expect(neededEach(0.03, 0.01)).toBeGreaterThan(4500);
  expect(neededEach(0.03, 0.01)).toBeLessThan(4700);
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

test('the control group is a share of those who could be sent to', () => {
  expect(controlSize(12_345, 10)).toBe(1235);
});
