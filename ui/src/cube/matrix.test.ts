// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import type { CubeResult } from './api';
import { matrixOf, rangeOf } from './matrix';

const label = { ko: '', en: '' };
const result: CubeResult = {
  columns: [
    { name: 'customer.sido', role: 'row', label, kind: 'text' },
    { name: 'order.year', role: 'column', label, kind: 'time' },
    { name: 'order.revenue', role: 'measure', label, kind: 'money' },
  ],
  rows: [
    ['서울', '2026', 30],
    ['부산', '2025', 5],
  ],
  totals: {
    rows: [
      ['서울', null, 30],
      ['부산', null, 5],
    ],
    columns: [
      [null, '2025', 5],
      [null, '2026', 30],
    ],
    grand: [null, null, 35],
  },
  row_count: 2,
  truncated: false,
  as_of: { seq: 1, at: '2026-11-21T00:00:00Z' },
  ms: 1,
  cached: false,
};

describe('matrixOf', () => {
  it('lays rows down and columns across in the order of the totals', () => {
    const matrix = matrixOf(result);
    expect(matrix.across.map((a) => a.values)).toEqual([['2025'], ['2026']]);
    expect(matrix.rows.map((r) => r.cells)).toEqual([
      [[], [30]],
      [[5], []],
    ]);
    expect(matrix.rows.map((r) => r.total)).toEqual([[30], [5]]);
    expect(matrix.grand).toEqual([35]);
    expect(rangeOf(matrix, 0)).toEqual([5, 30]);
  });

  it('gives one unnamed column when nothing is laid across', () => {
    const flat = matrixOf({
      ...result,
      columns: [result.columns[0]!, result.columns[2]!],
      rows: [['서울', 30]],
      totals: {},
    });
    expect(flat.across).toHaveLength(1);
    expect(flat.rows[0]?.cells).toEqual([[30]]);
  });
});
