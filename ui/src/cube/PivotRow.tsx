// SPDX-License-Identifier: Apache-2.0
import { memo, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { Sparkline } from '@/shared/chart';
import type { CellValue, ResultColumn, Tint } from './api';
import type { Spot } from './choose';
import type { Matrix, MatrixRow } from './matrix';
import { numberAt, type NumberColumn } from './tableLayout';
import { useWrite } from './write';
import classes from './Pivot.module.css';

interface PivotRowProps {
  at: number;
  row: MatrixRow;
  matrix: Matrix;
  columns: NumberColumn[];
  /** Index of the first drawn column. */
  left: number;
  ranges: [number, number][];
  tint: Tint;
  spark: boolean;
  picked?: (Spot | undefined)[];
  onChoose: (spot: Spot, isRange: boolean, anchor: HTMLElement) => void;
}

/** One row of a pivot: its names and the numbers that are seen. */
export const PivotRow = memo(function PivotRow(props: PivotRowProps) {
  const { at, row, matrix, columns, left, ranges, tint, spark, picked, onChoose } = props;
  const { t } = useTranslation('cube');
  const { writeValue, writeNumber } = useWrite();
  const isTotal = at < 0 || row.level !== undefined;
  const names = at < 0 ? [t('total')] : row.values;
  const inside = (column: number) => {
    const [a, b] = picked ?? [];
    return !!a && !!b && column >= Math.min(a.column, b.column) && column <= Math.max(a.column, b.column);
  };
  return (
    <tr aria-rowindex={at < 0 ? undefined : at + 2} data-subtotal={row.level !== undefined || undefined}>
      {at < 0 ? (
        <th colSpan={matrix.rowColumns.length + (spark ? 1 : 0)} scope="row">
          {names[0]}
        </th>
      ) : (
        matrix.rowColumns.map((column, i) => (
          <th key={column.name} scope="row">
            {row.level !== undefined && i >= row.level
              ? i === row.level
                ? t('subtotal')
                : ''
              : writeValue(row.values[i] ?? null, column)}
          </th>
        ))
      )}
      {spark && at >= 0 && (
        <td>
          <Sparkline
            values={row.cells.map((cell) => (typeof cell[0] === 'number' ? cell[0] : 0))}
            label={t('trend')}
            width={96}
            height={20}
          />
        </td>
      )}
      <td aria-hidden className={classes.gap} />
      {columns.map((column, i) => {
        const measure = matrix.measures[column.measure] as ResultColumn;
        const value = numberAt(row, column);
        const text = writeNumber(value, measure);
        const isStrong = isTotal || column.group < 0;
        const [low, high] = ranges[column.measure] ?? [0, 0];
        return (
          <td
            key={`${column.group}.${column.measure}`}
            className={classes.number}
            data-total={isStrong || undefined}
            data-negative={(typeof value === 'number' && value < 0) || undefined}
            data-picked={inside(left + i) || undefined}
            {...tinted(isStrong ? 'none' : tint, value, low, high)}
          >
            {text === '' ? (
              <span className="dim">·</span>
            ) : (
              <button
                type="button"
                tabIndex={-1}
                data-r={at}
                data-c={left + i}
                onClick={(event) => onChoose({ row: at, column: left + i }, event.shiftKey, event.currentTarget)}
              >
                {text}
              </button>
            )}
          </td>
        );
      })}
      <td aria-hidden className={classes.gap} />
    </tr>
  );
});

/** Colours a cell by where its number lies between the smallest and the largest. */
function tinted(tint: Tint, value: CellValue | undefined, low: number, high: number) {
  if (tint === 'none' || typeof value !== 'number' || high <= low) return {};
  const share = tint === 'bars' ? Math.max(0, value) / Math.max(high, 1e-9) : (value - low) / (high - low);
  return { 'data-tint': tint, style: { '--heat': `${Math.round(share * 100)}%` } as CSSProperties };
}
