// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { firstBeyond } from './useCellWindow';

describe('firstBeyond', () => {
  it('finds the column that a distance lies in', () => {
    const edges = [100, 200, 350, 400];
    expect(firstBeyond(edges, 0)).toBe(0);
    expect(firstBeyond(edges, 100)).toBe(1);
    expect(firstBeyond(edges, 349)).toBe(2);
    expect(firstBeyond(edges, 9999)).toBe(3);
    expect(firstBeyond([], 10)).toBe(0);
  });
});
