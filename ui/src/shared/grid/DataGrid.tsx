// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '@/app/shortcuts';
import { GridHeader } from './GridHeader';
import { GridRow } from './GridRow';
import { everything, isSelected, nothing, selectedCount, withRows } from './selection';
import type { GridColumn, Selection, Sort } from './types';
import { useGridCursor } from './useGridCursor';
import { useRowWindow } from './useRowWindow';
import classes from './DataGrid.module.css';

interface DataGridProps<Row> {
  label: string;
  columns: GridColumn<Row>[];
  rowCount: number;
  row: (index: number) => Row | undefined;
  rowId: (row: Row) => number;
  onWindow?: (first: number, last: number) => void;
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selection?: Selection;
  onSelection?: (selection: Selection) => void;
  /** Space or Enter on a row, or a click on its first cell. */
  onOpen?: (row: Row, index: number) => void;
  onActive?: (index: number) => void;
  openedId?: number;
  onEscape?: () => void;
  onColumnMenu?: (columnId: string, anchor: HTMLElement) => void;
  onResize?: (columnId: string, width: number) => void;
  rowHeight?: number;
  /** In the place of the rows when there are none. */
  empty?: ReactNode;
}

const HEAD = 32;
const stay = () => undefined;
const CHECK = 40;

/** A grid of up to millions of rows with a cursor, in-place editing and a selection that never lists all ids. */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { label, columns, rowCount, row, rowId, onWindow, selection, onSelection, rowHeight = 34 } = props;
  const { t } = useTranslation('shared');
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRowWindow(scroller, rowCount, rowHeight, HEAD);
  const { first, last, reveal } = rows;
  useEffect(() => onWindow?.(first, last), [first, last, onWindow]);

  const template = useMemo(
    () =>
      [onSelection ? `${CHECK}px` : '', ...columns.map((c) => `${c.width}px`), 'minmax(0, 1fr)']
        .filter(Boolean)
        .join(' '),
    [columns, onSelection],
  );
  const width = columns.reduce((sum, column) => sum + column.width, onSelection ? CHECK : 0);

  const open = (index: number) => {
    const value = row(index);
    if (value !== undefined) props.onOpen?.(value, index);
  };
  const toggle = (from: number, to: number) => {
    if (!onSelection || !selection) return;
    const ids: number[] = [];
    for (let i = Math.min(from, to); i <= Math.max(from, to); i++) {
      const value = row(i);
      if (value !== undefined) ids.push(rowId(value));
    }
    const only = from === to ? ids[0] : undefined;
    onSelection(withRows(selection, ids, only === undefined || !isSelected(selection, only)));
  };
  const cursor = useGridCursor({
    columns,
    rowCount,
    row,
    reveal,
    pageRows: Math.max(1, Math.floor(rows.view / rowHeight) - 1),
    onOpen: open,
    onToggle: toggle,
    onActive: props.onActive,
    onEscape: props.onEscape,
    onSelectAll: onSelection && (() => onSelection(everything)),
  });

  const show = (keys: string, name: string) => ({
    keys,
    label: name,
    run: () => undefined,
    shownOnly: true,
  });
  useShortcuts(t('grid.keys.title'), [
    show('j', t('grid.keys.down')),
    show('k', t('grid.keys.up')),
    show('Home', t('grid.keys.first')),
    show('End', t('grid.keys.last')),
    show('Enter', t('grid.keys.edit')),
    show('Space', t('grid.keys.open')),
    show('x', t('grid.keys.select')),
    show('mod+a', t('grid.keys.all')),
    show('Escape', t('grid.keys.escape')),
  ]);

  const click = (event: React.MouseEvent) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-column], [data-check]');
    const line = cell?.closest<HTMLElement>('[data-row]');
    if (!cell || !line || (event.target as HTMLElement).closest('button, a, input, select')) return;
    const index = Number(line.dataset.row);
    if (cell.dataset.check !== undefined) {
      toggle(event.shiftKey ? cursor.at.row : index, index);
      cursor.go(index, cursor.at.column);
      return;
    }
    const column = Number(cell.dataset.column);
    cursor.go(index, column);
    if (column === 0) open(index);
  };

  const leave = (next: 'stay' | 'down' | 'next' | 'previous') => {
    cursor.leaveEdit(next);
    if (next === 'stay' || next === 'down') scroller.current?.focus({ preventScroll: true });
  };

  const chosen = selection ? selectedCount(selection, rowCount) : 0;
  const visible = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-multiselectable={onSelection ? true : undefined}
      aria-activedescendant={rowCount > 0 ? `${id}-${cursor.at.row}-${cursor.at.column}` : undefined}
      tabIndex={0}
      className={classes.grid}
      onScroll={rows.onScroll}
      onKeyDown={cursor.onKeyDown}
      onClick={click}
      onDoubleClick={() => cursor.startEdit()}
    >
      <GridHeader
        columns={columns}
        template={template}
        sort={props.sort}
        onSort={props.onSort}
        onMenu={props.onColumnMenu}
        onResize={props.onResize}
        selectable={onSelection !== undefined}
        checked={chosen === 0 ? false : chosen === rowCount ? true : 'some'}
        onCheck={() => onSelection?.(chosen === 0 ? everything : nothing)}
      />
      <div role="rowgroup" className={classes.body} style={{ height: rows.space, minWidth: width }}>
        {visible.map((index) => {
          const value = row(index);
          return (
            <GridRow
              key={index}
              id={id}
              index={index}
              y={index * rowHeight - rows.shift}
              row={value}
              columns={columns}
              template={template}
              selectable={onSelection !== undefined}
              selectLabel={t('grid.selected')}
              selected={selection !== undefined && value !== undefined && isSelected(selection, rowId(value))}
              active={index === cursor.at.row ? cursor.at.column : -1}
              editing={cursor.editing && index === cursor.at.row}
              opened={value !== undefined && rowId(value) === props.openedId}
              onLeave={cursor.editing && index === cursor.at.row ? leave : stay}
            />
          );
        })}
      </div>
      {rowCount === 0 && props.empty !== undefined && <div className={classes.empty}>{props.empty}</div>}
    </div>
  );
}
