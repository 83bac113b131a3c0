// SPDX-License-Identifier: Apache-2.0
import type { CellValue, CubeResult, ResultColumn } from './api';

/** One line of a pivot: the values it stands for and its cells, one per column group and measure. */
export interface MatrixRow {
  key: string;
  values: CellValue[];
  cells: (CellValue | undefined)[][];
  total?: CellValue[];
  /** Set on a subtotal: how many of the row values it has. */
  level?: number;
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

/** A text for the values of a place; most places have one value, and a hundred thousand are keyed. */
const keyOf = (values: CellValue[]) =>
  values.length === 1 ? `${typeof values[0]} ${values[0]}` : JSON.stringify(values);

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
  const complete = (row: MatrixRow) => ({ ...row, cells: across.map((_, i) => row.cells[i] ?? []) });
  const subtotals = new Map<string, MatrixRow>();
  for (const { level, rows: list, totals } of result.totals.subtotals ?? []) {
    const keyAt = (row: CellValue[]) => keyOf(pick(row, down).slice(0, level));
    for (const row of list) {
      const key = keyAt(row);
      const line = subtotals.get(key) ?? { key: `sub${key}`, values: pick(row, down), cells: [], level };
      line.cells[columnOf(pick(row, right))] = pick(row, inside);
      subtotals.set(key, line);
    }
    for (const row of totals ?? []) {
      const line = subtotals.get(keyAt(row));
      if (line) line.total = pick(row, inside);
    }
  }
  return {
    rowColumns: down.map((d) => d.column),
    acrossColumns: right.map((d) => d.column),
    measures: inside.map((d) => d.column),
    across,
    rows: (subtotals.size > 0 ? withSubtotals(rows, subtotals, down.length) : rows).map(complete),
    grand: grand && pick(grand, inside),
  };
}

/** Puts rows of one group together and the subtotal of each group behind it. */
function withSubtotals(rows: MatrixRow[], subtotals: Map<string, MatrixRow>, depth: number): MatrixRow[] {
  const place = new Map<string, number>();
  rows.forEach((row, i) => {
    for (let level = 1; level < depth; level++) {
      const key = keyOf(row.values.slice(0, level));
      if (!place.has(key)) place.set(key, i);
    }
  });
  const weight = (row: MatrixRow, level: number) => place.get(keyOf(row.values.slice(0, level))) ?? 0;
  const sorted = rows
    .map((row, i) => ({ row, i }))
    .sort((a, b) => {
      for (let level = 1; level < depth; level++) {
        const order = weight(a.row, level) - weight(b.row, level);
        if (order !== 0) return order;
      }
      return a.i - b.i;
    });
  return sorted.flatMap(({ row }, i) => {
    const next = sorted[i + 1]?.row;
    const ended: MatrixRow[] = [];
    for (let level = depth - 1; level > 0; level--) {
      const key = keyOf(row.values.slice(0, level));
      if (next && keyOf(next.values.slice(0, level)) === key) break;
      const subtotal = subtotals.get(key);
      if (subtotal) ended.push(subtotal);
    }
    return [row, ...ended];
  });
}

/** The smallest and largest number of one measure, for colouring. */
export function rangeOf(matrix: Matrix, measure: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const row of matrix.rows) {
    if (row.level !== undefined) continue;
    for (const cell of row.cells) {
      const value = cell[measure];
      if (typeof value !== 'number') continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : [0, 0];
}
