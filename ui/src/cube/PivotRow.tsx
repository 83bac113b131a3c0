// SPDX-License-Identifier: Apache-2.0
import { memo, type CSSProperties } from 'react';
import { Sparkline } from '@/shared/chart';
import type { CellValue, ResultColumn, Tint } from './api';
import type { Spot } from './choose';
import type { Matrix, MatrixRow } from './matrix';
import { numberAt, type NumberColumn } from './tableLayout';
import type { useWrite } from './write';
import classes from './Pivot.module.css';

/** Writes names and numbers; made once for all rows, because what a row subscribes to costs when it scrolls in. */
export interface RowWriter extends Pick<ReturnType<typeof useWrite>, 'writeValue' | 'writeNumber'> {
  total: string;
  subtotal: string;
  trend: string;
}

/** Columns that are drawn together: they stay the same while scrolling, so their cells are not drawn again. */
export interface ColumnBlock {
  /** Index of the first column. */
  from: number;
  columns: NumberColumn[];
}

interface CellsProps {
  at: number;
  row: MatrixRow;
  measures: ResultColumn[];
  block: ColumnBlock;
  ranges: [number, number][];
  tint: Tint;
  write: RowWriter;
  /** First and last chosen column of this row. */
  picked?: readonly [number, number];
  onChoose: (spot: Spot, isRange: boolean, anchor: HTMLElement) => void;
}

interface PivotRowProps extends Omit<CellsProps, 'block' | 'measures'> {
  matrix: Matrix;
  blocks: ColumnBlock[];
  spark: boolean;
}

/** One row of a pivot: its names and the numbers that are seen. */
export const PivotRow = memo(function PivotRow(props: PivotRowProps) {
  const { at, row, matrix, blocks, ranges, tint, spark, picked, onChoose, write } = props;
  return (
    <tr aria-rowindex={at < 0 ? undefined : at + 2} data-subtotal={row.level !== undefined || undefined}>
      {at < 0 ? (
        <th colSpan={matrix.rowColumns.length + (spark ? 1 : 0)} scope="row">
          {write.total}
        </th>
      ) : (
        matrix.rowColumns.map((column, i) => (
          <th key={column.name} scope="row">
            {row.level !== undefined && i >= row.level
              ? i === row.level
                ? write.subtotal
                : ''
              : write.writeValue(row.values[i] ?? null, column)}
          </th>
        ))
      )}
      {spark && at >= 0 && (
        <td>
          <Sparkline
            values={row.cells.map((cell) => (typeof cell[0] === 'number' ? cell[0] : 0))}
            label={write.trend}
            width={96}
            height={20}
          />
        </td>
      )}
      <td aria-hidden className={classes.gap} />
      {blocks.map((block) => (
        <Cells
          key={block.from}
          at={at}
          row={row}
          measures={matrix.measures}
          block={block}
          ranges={ranges}
          tint={tint}
          write={write}
          picked={picked}
          onChoose={onChoose}
        />
      ))}
      <td aria-hidden className={classes.gap} />
    </tr>
  );
});

/** The cells of a row in one block of columns. */
const Cells = memo(function Cells({ at, row, measures, block, ranges, tint, write, picked, onChoose }: CellsProps) {
  const isTotal = at < 0 || row.level !== undefined;
  return block.columns.map((column, i) => {
    const value = numberAt(row, column);
    const text = write.writeNumber(value, measures[column.measure] as ResultColumn);
    const isStrong = isTotal || column.group < 0;
    const [low, high] = ranges[column.measure] ?? [0, 0];
    const place = block.from + i;
    return (
      <td
        key={place}
        className={classes.number}
        data-total={isStrong || undefined}
        data-negative={(typeof value === 'number' && value < 0) || undefined}
        data-picked={(picked && place >= picked[0] && place <= picked[1]) || undefined}
        {...tinted(isStrong ? 'none' : tint, value, low, high)}
      >
        {text === '' ? (
          <span className="dim">·</span>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            data-r={at}
            data-c={place}
            onClick={(event) => onChoose({ row: at, column: place }, event.shiftKey, event.currentTarget)}
          >
            {text}
          </button>
        )}
      </td>
    );
  });
});

/** Colours a cell by where its number lies between the smallest and the largest. */
function tinted(tint: Tint, value: CellValue | undefined, low: number, high: number) {
  if (tint === 'none' || typeof value !== 'number' || high <= low) return {};
  const share = tint === 'bars' ? Math.max(0, value) / Math.max(high, 1e-9) : (value - low) / (high - low);
  return { 'data-tint': tint, style: { '--heat': `${Math.round(share * 100)}%` } as CSSProperties };
}
