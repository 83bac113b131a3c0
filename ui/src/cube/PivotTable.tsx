// SPDX-License-Identifier: Apache-2.0
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { CellValue, CubeQuery, ResultColumn } from './api';
import { rangeOf, type Matrix } from './matrix';
import { useWrite } from './write';
import classes from './Pivot.module.css';

/** The cell that was chosen: the values of the dimensions that lead to it, and where it is on the screen. */
export interface ChosenCell {
  cell: Record<string, CellValue>;
  measure: string;
  title: string;
  text: string;
  anchor: HTMLElement;
}

interface PivotTableProps {
  matrix: Matrix;
  query: CubeQuery;
  isHeat: boolean;
  onSort: (by: string) => void;
  onChoose: (cell: ChosenCell) => void;
}

/** The pivot as a table with sticky heads and totals; every number is a button to the people behind it. */
export function PivotTable({ matrix, query, isHeat, onSort, onChoose }: PivotTableProps) {
  const { t } = useTranslation('cube');
  const { writeValue, writeNumber, label } = useWrite();
  const isAcross = matrix.acrossColumns.length > 0;
  const ranges = matrix.measures.map((_, i) => rangeOf(matrix, i));
  const order = query.order?.[0];
  const sortMark = (name: string) =>
    order?.by === name && (order.desc ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />);
  const ariaSort = (name: string) => (order?.by === name ? (order.desc ? 'descending' : 'ascending') : undefined);

  const number = (
    value: CellValue | undefined,
    column: ResultColumn,
    i: number,
    values: [ResultColumn[], CellValue[]][],
    strong?: boolean,
  ) => {
    const text = writeNumber(value, column);
    const [low, high] = ranges[i] ?? [0, 0];
    const heat =
      isHeat && !strong && typeof value === 'number' && high > low
        ? ({ '--heat': `${Math.round(((value - low) / (high - low)) * 100)}%` } as CSSProperties)
        : undefined;
    return (
      <td
        key={column.name}
        className={classes.number}
        data-heat={heat ? true : undefined}
        data-total={strong || undefined}
        style={heat}
      >
        {text === '' ? (
          <span className="dim">·</span>
        ) : (
          <button
            type="button"
            onClick={(event) => {
              const parts = values.flatMap(([columns, vs]) => columns.map((c, k) => [c, vs[k] ?? null] as const));
              onChoose({
                measure: column.name,
                cell: Object.fromEntries(parts.map(([c, v]) => [c.name, v])),
                title: parts.map(([c, v]) => writeValue(v, c)).join(' · ') || t('total'),
                text: `${label(column.label)} ${text}`,
                anchor: event.currentTarget,
              });
            }}
          >
            {text}
          </button>
        )}
      </td>
    );
  };

  return (
    // A region that scrolls must be reachable by keyboard (WCAG 2.1.1); it holds buttons, but may hold none.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroller} tabIndex={0} role="region" aria-label={t('table')}>
      <table className={classes.table}>
        <thead>
          {isAcross && (
            <tr>
              <th colSpan={matrix.rowColumns.length} className={classes.corner}>
                {matrix.acrossColumns.map((c) => label(c.label)).join(' / ')}
              </th>
              {matrix.across.map((group) => (
                <th key={group.key} scope="colgroup" colSpan={matrix.measures.length} className={classes.group}>
                  {group.values.map((v, i) => writeValue(v, matrix.acrossColumns[i] as ResultColumn)).join(' / ')}
                </th>
              ))}
              <th scope="colgroup" colSpan={matrix.measures.length} className={classes.group}>
                {t('total')}
              </th>
            </tr>
          )}
          <tr>
            {matrix.rowColumns.map((column) => (
              <th key={column.name} scope="col" className={classes.rowHead} aria-sort={ariaSort(column.name)}>
                <button type="button" onClick={() => onSort(column.name)}>
                  {label(column.label)} {sortMark(column.name)}
                </button>
              </th>
            ))}
            {(isAcross ? [...matrix.across.map((g) => g.key), 'total'] : ['']).map((group) =>
              matrix.measures.map((column) => (
                <th
                  key={`${group}.${column.name}`}
                  scope="col"
                  className={classes.measure}
                  aria-sort={isAcross && group !== 'total' ? undefined : ariaSort(column.name)}
                >
                  <button type="button" onClick={() => onSort(column.name)}>
                    {label(column.label)} {(!isAcross || group === 'total') && sortMark(column.name)}
                  </button>
                </th>
              )),
            )}
          </tr>
        </thead>
        <tbody>
          {matrix.rows.map((row) => (
            <tr key={row.key}>
              {row.values.map((v, i) => (
                <th key={matrix.rowColumns[i]?.name ?? i} scope="row">
                  {writeValue(v, matrix.rowColumns[i] as ResultColumn)}
                </th>
              ))}
              {row.cells.map((cells, g) =>
                matrix.measures.map((column, i) =>
                  number(cells[i], column, i, [
                    [matrix.rowColumns, row.values],
                    [matrix.acrossColumns, matrix.across[g]?.values ?? []],
                  ]),
                ),
              )}
              {isAcross &&
                matrix.measures.map((column, i) =>
                  number(row.total?.[i], column, i, [[matrix.rowColumns, row.values]], true),
                )}
            </tr>
          ))}
        </tbody>
        {matrix.grand && matrix.rowColumns.length > 0 && (
          <tfoot>
            <tr>
              <th colSpan={matrix.rowColumns.length} scope="row">
                {t('total')}
              </th>
              {isAcross &&
                matrix.across.map((group) =>
                  matrix.measures.map((column, i) =>
                    number(group.total?.[i], column, i, [[matrix.acrossColumns, group.values]], true),
                  ),
                )}
              {matrix.measures.map((column, i) => number(matrix.grand?.[i], column, i, [], true))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
