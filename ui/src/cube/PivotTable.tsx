// SPDX-License-Identifier: Apache-2.0
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CellRange, CellValue, CubeQuery, ResultColumn, Tint } from './api';
import { chosenCell, chosenRange, type Spot } from './choose';
import { rangeOf, type Matrix } from './matrix';
import { PivotRow, type ColumnBlock, type RowWriter } from './PivotRow';
import { layoutOf, type NumberColumn } from './tableLayout';
import { useCellKeys } from './useCellKeys';
import { COLUMNS_AT_ONCE, useCellWindow } from './useCellWindow';
import { useWrite } from './write';
import classes from './Pivot.module.css';

/** The cell or range that was chosen: the values that lead to it, and where it is on the screen. */
export interface ChosenCell {
  cell: Record<string, CellValue>;
  range?: CellRange;
  measure: string;
  title: string;
  text: string;
  anchor: { getBoundingClientRect: () => DOMRect };
}

interface PivotTableProps {
  matrix: Matrix;
  query: CubeQuery;
  tint: Tint;
  spark: boolean;
  onSort: (by: string) => void;
  onChoose: (cell: ChosenCell) => void;
}

const rowHeight = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row-height')) || 34;

/** The pivot as a table of which only what is seen is drawn; every number leads to the people behind it. */
export function PivotTable({ matrix, query, tint, spark, onSort, onChoose }: PivotTableProps) {
  const { t } = useTranslation('cube');
  const write = useWrite();
  const box = useRef<HTMLDivElement>(null);
  const height = useMemo(rowHeight, []);
  const hasSpark = spark && matrix.across.length > 2;
  const layout = useMemo(
    () =>
      layoutOf(
        matrix,
        { value: write.writeValue, number: write.writeNumber, label: (c) => write.label(c.label) },
        hasSpark,
      ),
    // the writers change with the language only, which changes the matrix's labels too
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [matrix, hasSpark, write.label],
  );
  const ranges = useMemo(() => matrix.measures.map((_, i) => rangeOf(matrix, i)), [matrix]);
  const shown = useCellWindow(box, matrix.rows.length, height, layout.edges, layout.heads[0] ?? 0);
  const [first, setFirst] = useState<Spot>();
  const [last, setLast] = useState<Spot>();
  const pick = (spot: Spot, isRange: boolean, anchor: HTMLElement) => {
    if (isRange && first) {
      setLast(spot);
      onChoose(chosenRange(matrix, layout, first, spot, write, t, anchor));
      return;
    }
    setFirst(spot);
    setLast(undefined);
    onChoose(chosenCell(matrix, layout, spot, write, t, anchor));
  };
  // Rows that stay in sight while scrolling are not drawn again: what they are given must stay the same.
  const latest = useRef(pick);
  useEffect(() => {
    latest.current = pick;
  });
  const choose = useCallback(
    (spot: Spot, isRange: boolean, anchor: HTMLElement) => latest.current(spot, isRange, anchor),
    [],
  );
  const keys = useCellKeys(box, matrix.rows.length, layout, height, choose);
  const order = query.order?.[0];
  const mark = (name: string) =>
    order?.by === name && (order.desc ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />);
  const ariaSort = (name: string) => (order?.by === name ? (order.desc ? 'descending' : 'ascending') : undefined);
  const drawn = useMemo(() => layout.columns.slice(shown.left, shown.right), [layout, shown.left, shown.right]);
  const allBlocks = useMemo(() => blocksOf(layout.columns), [layout]);
  const blocks = useMemo(
    () => allBlocks.slice(shown.left / COLUMNS_AT_ONCE, Math.ceil(shown.right / COLUMNS_AT_ONCE)),
    [allBlocks, shown.left, shown.right],
  );
  const writer = useMemo(
    (): RowWriter => ({
      writeValue: write.writeValue,
      writeNumber: write.writeNumber,
      total: t('total'),
      subtotal: t('subtotal'),
      trend: t('trend'),
    }),
    // the writers change with the language only
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [write.label, write.format, t],
  );
  const before = shown.left > 0 ? (layout.edges[shown.left - 1] ?? 0) : 0;
  const total = layout.edges[layout.edges.length - 1] ?? 0;
  const after = Math.max(0, total - (layout.edges[shown.right - 1] ?? total));
  const isAcross = matrix.acrossColumns.length > 0;
  const headCount = layout.heads.length;
  const gap = (key: string) => <td key={key} aria-hidden className={classes.gap} />;
  const picked = first && (last ?? first);
  const chosenColumns = useMemo(
    () => first && picked && ([Math.min(first.column, picked.column), Math.max(first.column, picked.column)] as const),
    [first, picked],
  );

  return (
    // A region that scrolls must be reachable by keyboard (WCAG 2.1.1); arrows walk its cells.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions
    <div ref={box} className={classes.scroller} tabIndex={0} role="region" aria-label={t('table')} onKeyDown={keys}>
      <table
        className={classes.table}
        aria-rowcount={matrix.rows.length + 2}
        aria-colcount={headCount + layout.columns.length}
        style={{ width: layout.fixed + total }}
      >
        <colgroup>
          {layout.heads.map((width, i) => (
            <col key={i} style={{ width }} />
          ))}
          <col style={{ width: before }} />
          {drawn.map((column) => (
            <col key={`${column.group}.${column.measure}`} style={{ width: column.width }} />
          ))}
          <col style={{ width: after }} />
        </colgroup>
        <thead>
          {isAcross && (
            <tr>
              <th colSpan={Math.max(1, headCount)} className={classes.corner}>
                {matrix.acrossColumns.map((c) => write.label(c.label)).join(' / ')}
              </th>
              {gap('l')}
              {groupsOf(drawn).map(({ group, span }) => (
                <th key={group} scope="colgroup" colSpan={span} className={classes.group}>
                  {group < 0
                    ? t('total')
                    : matrix.across[group]?.values
                        .map((v, i) => write.writeValue(v, matrix.acrossColumns[i] as ResultColumn))
                        .join(' / ')}
                </th>
              ))}
              {gap('r')}
            </tr>
          )}
          <tr>
            {matrix.rowColumns.map((column) => (
              <th key={column.name} scope="col" className={classes.rowHead} aria-sort={ariaSort(column.name)}>
                <button type="button" onClick={() => onSort(column.name)}>
                  {write.label(column.label)} {mark(column.name)}
                </button>
              </th>
            ))}
            {hasSpark && <th scope="col">{t('trend')}</th>}
            {gap('l')}
            {drawn.map(({ group, measure }) => {
              const column = matrix.measures[measure] as ResultColumn;
              const isOrder = !isAcross || group < 0;
              return (
                <th
                  key={`${group}.${measure}`}
                  scope="col"
                  className={classes.measure}
                  aria-sort={isOrder ? ariaSort(column.name) : undefined}
                >
                  <button type="button" onClick={() => onSort(column.name)}>
                    {write.label(column.label)} {isOrder && mark(column.name)}
                  </button>
                </th>
              );
            })}
            {gap('r')}
          </tr>
        </thead>
        <tbody>
          {shown.top > 0 && <tr aria-hidden className={classes.gap} style={{ height: shown.top * height }} />}
          {matrix.rows.slice(shown.top, shown.bottom).map((row, i) => (
            <PivotRow
              key={row.key}
              at={shown.top + i}
              row={row}
              matrix={matrix}
              blocks={blocks}
              ranges={ranges}
              tint={tint}
              spark={hasSpark}
              write={writer}
              picked={isInside(picked, first, shown.top + i) ? chosenColumns : undefined}
              onChoose={choose}
            />
          ))}
          {shown.bottom < matrix.rows.length && (
            <tr aria-hidden className={classes.gap} style={{ height: (matrix.rows.length - shown.bottom) * height }} />
          )}
        </tbody>
        {matrix.grand && matrix.rowColumns.length > 0 && (
          <tfoot>
            <PivotRow
              at={-1}
              row={{
                key: 'grand',
                values: [],
                cells: matrix.across.map((g) => (isAcross ? (g.total ?? []) : (matrix.grand ?? []))),
                total: matrix.grand,
              }}
              matrix={matrix}
              blocks={blocks}
              ranges={ranges}
              tint="none"
              spark={hasSpark}
              write={writer}
              onChoose={choose}
            />
          </tfoot>
        )}
      </table>
    </div>
  );
}

const isInside = (a: Spot | undefined, b: Spot | undefined, row: number): boolean =>
  !!a && !!b && row >= Math.min(a.row, b.row) && row <= Math.max(a.row, b.row);

/** Columns by as many as are drawn at once; the blocks stay the same while one scrolls. */
function blocksOf(columns: NumberColumn[]): ColumnBlock[] {
  const blocks: ColumnBlock[] = [];
  for (let from = 0; from < columns.length; from += COLUMNS_AT_ONCE)
    blocks.push({ from, columns: columns.slice(from, from + COLUMNS_AT_ONCE) });
  return blocks;
}

/** Neighbouring columns of one group, for the heads above them. */
function groupsOf(columns: { group: number }[]) {
  const groups: { group: number; span: number }[] = [];
  for (const { group } of columns) {
    const open = groups[groups.length - 1];
    if (open?.group === group) open.span++;
    else groups.push({ group, span: 1 });
  }
  return groups;
}
