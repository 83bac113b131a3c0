// SPDX-License-Identifier: Apache-2.0
import type { CellValue, CubeResult, ResultColumn } from './api';

/** One line of a pivot: the values it stands for and its cells, one per column group and measure. */
export interface MatrixRow {
  key: string;
  values: CellValue[];
  cells: (CellValue | undefined)[][];
  total?: CellValue[];
}

/** A pivot laid out: rows down, column values across, measures inside. */
export interface Matrix {
  rowColumns: ResultColumn[];
  acrossColumns: ResultColumn[];
  measures: ResultColumn[];
  across: { key: string; values: CellValue[]; total?: CellValue[] }[];
  rows: MatrixRow[];
  grand?: CellValue[];
}

const keyOf = (values: CellValue[]) => JSON.stringify(values);

/** Lays the flat rows of an answer out as a pivot; the order of the answer is kept. */
export function matrixOf(result: CubeResult): Matrix {
  const at = (role: ResultColumn['role']) =>
    result.columns.flatMap((column, i) => (column.role === role ? [{ column, i }] : []));
  const down = at('row');
  const right = at('column');
  const inside = at('measure');
  const pick = (row: CellValue[], places: { i: number }[]) => places.map(({ i }) => row[i] ?? null);

  const across: Matrix['across'] = [];
  const acrossAt = new Map<string, number>();
  const columnOf = (values: CellValue[]) => {
    const key = keyOf(values);
    let place = acrossAt.get(key);
    if (place === undefined) {
      place = across.length;
      acrossAt.set(key, place);
      across.push({ key, values });
    }
    return place;
  };
  // Totals come in the order of the dimension; cells only in that of the first rows.
  for (const row of result.totals.columns ?? []) {
    const group = across[columnOf(pick(row, right))];
    if (group) group.total = pick(row, inside);
  }
  const rows: MatrixRow[] = [];
  const rowAt = new Map<string, MatrixRow>();
  for (const row of result.rows) {
    const values = pick(row, down);
    const key = keyOf(values);
    let line = rowAt.get(key);
    if (!line) {
      line = { key, values, cells: [] };
      rowAt.set(key, line);
      rows.push(line);
    }
    line.cells[columnOf(pick(row, right))] = pick(row, inside);
  }
  for (const row of result.totals.rows ?? []) {
    const line = rowAt.get(keyOf(pick(row, down)));
    if (line) line.total = pick(row, inside);
  }
  const grand = result.totals.grand;
  return {
    rowColumns: down.map((d) => d.column),
    acrossColumns: right.map((d) => d.column),
    measures: inside.map((d) => d.column),
    across,
    rows: rows.map((row) => ({ ...row, cells: across.map((_, i) => row.cells[i] ?? []) })),
    grand: grand && pick(grand, inside),
  };
}

/** The smallest and largest number of one measure, for colouring. */
export function rangeOf(matrix: Matrix, measure: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const row of matrix.rows) {
    for (const cell of row.cells) {
      const value = cell[measure];
      if (typeof value !== 'number') continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : [0, 0];
}
