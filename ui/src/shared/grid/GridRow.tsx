// SPDX-License-Identifier: Apache-2.0
import { memo, type ReactNode } from 'react';
import { CellEditor } from './CellEditor';
import type { GridColumn } from './types';
import classes from './DataGrid.module.css';

interface GridRowProps<Row> {
  id: string;
  index: number;
  y: number;
  row: Row | undefined;
  columns: GridColumn<Row>[];
  template: string;
  selected: boolean;
  selectable: boolean;
  selectLabel: string;
  /** The active column, or -1. */
  active: number;
  editing: boolean;
  opened: boolean;
  onLeave: (next: 'stay' | 'down' | 'next' | 'previous') => void;
}

function GridRowPlain<Row>(props: GridRowProps<Row>): ReactNode {
  const { id, index, y, row, columns, template, selected, selectable, active, editing, opened } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : undefined}
      className={classes.row}
      style={{ transform: `translateY(${y}px)`, gridTemplateColumns: template }}
      data-row={index}
      data-selected={selected || undefined}
      data-opened={opened || undefined}
    >
      {selectable && (
        <div role="gridcell" className={classes.check} data-check>
          <span className={classes.box} data-on={selected || undefined} aria-hidden />
          <span className="sr-only">{selected ? props.selectLabel : ''}</span>
        </div>
      )}
      {columns.map((column, i) => (
        <div
          key={column.id}
          id={`${id}-${index}-${i}`}
          role="gridcell"
          aria-colindex={i + 1}
          aria-readonly={column.edit ? undefined : true}
          className={classes.cell}
          data-column={i}
          data-align={column.align}
          data-active={i === active || undefined}
          data-pinned={i === 0 || undefined}
        >
          {row === undefined ? (
            <span className={classes.bone} style={{ width: `${45 + ((index * 7 + i * 13) % 40)}%` }} />
          ) : editing && i === active && column.edit ? (
            <CellEditor row={row} edit={column.edit} label={column.header} onLeave={props.onLeave} />
          ) : (
            column.cell(row)
          )}
        </div>
      ))}
    </div>
  );
}

/** One row; drawn again only when something of it changes. */
export const GridRow = memo(GridRowPlain) as typeof GridRowPlain;
