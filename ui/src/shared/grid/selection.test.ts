// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { everything, isSelected, nothing, selectedCount, withRows } from './selection';

test('some rows are chosen and left by id', () => {
  const two = withRows(nothing, [1, 2], true);
  expect(selectedCount(two, 10)).toBe(2);
  expect(selectedCount(withRows(two, [2], false), 10)).toBe(1);
});

test('all that match never lists ids, only exceptions', () => {
  const most = withRows(everything, [7], false);
  expect(isSelected(most, 7)).toBe(false);
  expect(isSelected(most, 8)).toBe(true);
  expect(selectedCount(most, 1_000_000)).toBe(999_999);
  expect(selectedCount(withRows(most, [7], true), 1_000_000)).toBe(1_000_000);
});
