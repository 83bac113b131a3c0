// SPDX-License-Identifier: Apache-2.0
import { useCallback, useState } from 'react';
import { keyName } from '@/app/shortcuts';
import type { CellAt, GridColumn } from './types';

interface CursorOptions<Row> {
  columns: GridColumn<Row>[];
  rowCount: number;
  row: (index: number) => Row | undefined;
  pageRows: number;
  reveal: (row: number) => void;
  onOpen?: (index: number) => void;
  onToggle?: (from: number, to: number) => void;
  onActive?: (index: number) => void;
  onEscape?: () => void;
  onSelectAll?: () => void;
}

/** The cursor of a grid: where it stands, whether it edits, and what its keys do. */
export function useGridCursor<Row>(options: CursorOptions<Row>) {
  const { columns, rowCount, row, pageRows, reveal, onOpen, onToggle, onActive, onEscape, onSelectAll } = options;
  const [at, setAt] = useState<CellAt>({ row: 0, column: 0 });
  const [editing, setEditing] = useState(false);
  const [anchor, setAnchor] = useState<number>();

  const go = useCallback(
    (to: number, column: number, keepAnchor = false) => {
      const next = {
        row: Math.min(Math.max(0, to), Math.max(0, rowCount - 1)),
        column: Math.min(Math.max(0, column), columns.length - 1),
      };
      setAt(next);
      setEditing(false);
      if (!keepAnchor) setAnchor(undefined);
      reveal(next.row);
      onActive?.(next.row);
    },
    [rowCount, columns.length, reveal, onActive],
  );

  const editable = (column: number) => {
    const value = row(at.row);
    const edit = columns[column]?.edit;
    return value !== undefined && edit !== undefined && !edit.locked?.(value);
  };
  const startEdit = (column = at.column) => {
    if (!editable(column)) return false;
    setAt({ row: at.row, column });
    setEditing(true);
    return true;
  };
  const leaveEdit = (next: 'stay' | 'down' | 'next' | 'previous') => {
    setEditing(false);
    if (next === 'down') go(at.row + 1, at.column);
    if (next === 'next' || next === 'previous') {
      const step = next === 'next' ? 1 : -1;
      let column = at.column + step;
      while (column >= 0 && column < columns.length && !editable(column)) column += step;
      if (column >= 0 && column < columns.length) {
        setAt({ row: at.row, column });
        setEditing(true);
      }
    }
  };

  const extend = (to: number) => {
    const from = anchor ?? at.row;
    setAnchor(from);
    go(to, at.column, true);
    onToggle?.(from, to);
  };

  const moves: Record<string, () => void> = {
    ArrowDown: () => go(at.row + 1, at.column),
    ArrowUp: () => go(at.row - 1, at.column),
    j: () => go(at.row + 1, at.column),
    k: () => go(at.row - 1, at.column),
    ArrowRight: () => go(at.row, at.column + 1),
    ArrowLeft: () => go(at.row, at.column - 1),
    PageDown: () => go(at.row + pageRows, at.column),
    PageUp: () => go(at.row - pageRows, at.column),
    Home: () => go(0, at.column),
    End: () => go(rowCount - 1, at.column),
    x: () => onToggle?.(at.row, at.row),
    'shift+ArrowDown': () => extend(Math.min(at.row + 1, rowCount - 1)),
    'shift+ArrowUp': () => extend(Math.max(at.row - 1, 0)),
    'mod+a': () => onSelectAll?.(),
    Space: () => onOpen?.(at.row),
    Enter: () => (at.column === 0 || !startEdit()) && onOpen?.(at.row),
    F2: () => startEdit(),
    Escape: () => onEscape?.(),
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (editing || event.target !== event.currentTarget) return;
    const move = moves[keyName(event.nativeEvent)];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  return { at, editing, go, startEdit, leaveEdit, onKeyDown };
}
