// SPDX-License-Identifier: Apache-2.0
import type { TFunction } from 'i18next';
import { OTHERS, type CellValue, type ResultColumn } from './api';
import type { Matrix, MatrixRow } from './matrix';
import type { ChosenCell } from './PivotTable';
import { numberAt, type Layout } from './tableLayout';
import type { useWrite } from './write';

/** A place in the table; row −1 is the row of totals. */
export interface Spot {
  row: number;
  column: number;
}

type Write = ReturnType<typeof useWrite>;
type Pair = [ResultColumn, CellValue];

/** The row values that lead to a row; others and totals have fewer. */
function rowPairs(matrix: Matrix, row: MatrixRow | undefined): Pair[] {
  if (!row) return [];
  return matrix.rowColumns
    .slice(0, row.level ?? matrix.rowColumns.length)
    .map((column, i) => [column, row.values[i] ?? null] as Pair)
    .filter(([, value]) => value !== OTHERS);
}

const columnPairs = (matrix: Matrix, group: number): Pair[] =>
  group < 0 ? [] : matrix.acrossColumns.map((column, i) => [column, matrix.across[group]?.values[i] ?? null] as Pair);

const cellOf = (pairs: Pair[]) => Object.fromEntries(pairs.map(([column, value]) => [column.name, value]));

/** The people, title and number of one cell. */
export function chosenCell(
  matrix: Matrix,
  layout: Layout,
  spot: Spot,
  write: Write,
  t: TFunction<'cube'>,
  anchor: HTMLElement,
): ChosenCell {
  const column = layout.columns[spot.column] ?? { group: -1, measure: 0, width: 0 };
  const row = spot.row < 0 ? undefined : matrix.rows[spot.row];
  const measure = matrix.measures[column.measure] as ResultColumn;
  const pairs = [...rowPairs(matrix, row), ...columnPairs(matrix, column.group)];
  const value = row
    ? numberAt(row, column)
    : column.group < 0 || matrix.acrossColumns.length === 0
      ? matrix.grand?.[column.measure]
      : matrix.across[column.group]?.total?.[column.measure];
  return {
    measure: measure.name,
    cell: cellOf(pairs),
    title: pairs.map(([c, v]) => write.writeValue(v, c)).join(' · ') || t('total'),
    text: `${write.label(measure.label)} ${write.writeNumber(value, measure)}`,
    anchor,
  };
}

/** The people of a rectangle of cells: any of its rows, and any of its columns. */
export function chosenRange(
  matrix: Matrix,
  layout: Layout,
  a: Spot,
  b: Spot,
  write: Write,
  t: TFunction<'cube'>,
  anchor: HTMLElement,
): ChosenCell {
  const column = layout.columns[a.column] ?? { group: -1, measure: 0, width: 0 };
  const measure = matrix.measures[column.measure] as ResultColumn;
  const rows = matrix.rows
    .slice(Math.max(0, Math.min(a.row, b.row)), Math.max(a.row, b.row) + 1)
    .filter((row) => row.level === undefined);
  const groups = [
    ...new Set(
      layout.columns.slice(Math.min(a.column, b.column), Math.max(a.column, b.column) + 1).map((c) => c.group),
    ),
  ];
  const some = (list: Pair[][]) => list.filter((pairs) => pairs.length > 0).map(cellOf);
  const range = [
    some(rows.map((row) => rowPairs(matrix, row))),
    groups.includes(-1) ? [] : some(groups.map((g) => columnPairs(matrix, g))),
  ];
  let sum = 0;
  for (const row of rows) {
    for (const group of groups) {
      const value = numberAt(row, { group, measure: column.measure, width: 0 });
      if (typeof value === 'number') sum += value;
    }
  }
  return {
    measure: measure.name,
    cell: {},
    range: range.filter((list) => list.length > 0),
    title: t('range', { rows: rows.length, columns: groups.length }),
    text:
      measure.kind === 'percent'
        ? write.label(measure.label)
        : `${write.label(measure.label)} ${t('sum')} ${write.writeNumber(sum, measure)}`,
    anchor,
  };
}
