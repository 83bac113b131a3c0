// SPDX-License-Identifier: Apache-2.0
import type { CellValue, ResultColumn } from './api';
import { rangeOf, type Matrix, type MatrixRow } from './matrix';

/** One column of numbers: a measure in a group of column values, or in the totals of the rows. */
export interface NumberColumn {
  /** Index of the group, or −1 for totals. */
  group: number;
  measure: number;
  width: number;
}

/** The measured table: widths and where each column ends. */
export interface Layout {
  columns: NumberColumn[];
  edges: number[];
  heads: number[];
  /** Width of the columns before the numbers. */
  fixed: number;
}

const SAMPLE = 300;
const NARROW = 84;
const WIDE = 240;

/** About how wide a text is: Hangul takes nearly twice a digit. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of text) width += letter > 'ᄀ' ? 12.6 : 7.4;
  return width;
}

const bound = (width: number) => Math.round(Math.min(WIDE, Math.max(NARROW, width)));

/** Measures a pivot before it is drawn, so that columns do not jump while scrolling. */
export function layoutOf(
  matrix: Matrix,
  write: {
    value: (value: CellValue, column: ResultColumn) => string;
    number: (value: CellValue | undefined, column: ResultColumn) => string;
    label: (column: ResultColumn) => string;
  },
  spark: boolean,
): Layout {
  const isAcross = matrix.acrossColumns.length > 0;
  const widths = matrix.measures.map((column, i) => {
    const [low, high] = rangeOf(matrix, i);
    const texts = [low, high, matrix.grand?.[i], matrix.rows[0]?.total?.[i]].map((v) => write.number(v, column));
    return bound(Math.max(textWidth(write.label(column)) + 26, ...texts.map((text) => textWidth(text) + 22)));
  });
  const columns: NumberColumn[] = [];
  matrix.across.forEach((group, g) => {
    const title = group.values.map((v, i) => write.value(v, matrix.acrossColumns[i] as ResultColumn)).join(' / ');
    const share = (textWidth(title) + 20) / Math.max(1, widths.length);
    widths.forEach((width, measure) => columns.push({ group: g, measure, width: bound(Math.max(width, share)) }));
  });
  if (isAcross) widths.forEach((width, measure) => columns.push({ group: -1, measure, width }));
  const heads = matrix.rowColumns.map((column, i) => {
    const texts = matrix.rows.slice(0, SAMPLE).map((row) => textWidth(write.value(row.values[i] ?? null, column)));
    return bound(Math.max(textWidth(write.label(column)) + 30, ...texts.map((w) => w + 24)));
  });
  if (spark) heads.push(120);
  let sum = 0;
  const edges = columns.map((column) => (sum += column.width));
  return { columns, edges, heads, fixed: heads.reduce((a, b) => a + b, 0) };
}

/** The number of a row in a column. */
export function numberAt(row: MatrixRow, column: NumberColumn): CellValue | undefined {
  return column.group < 0 ? row.total?.[column.measure] : row.cells[column.group]?.[column.measure];
}
