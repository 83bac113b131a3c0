// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { useOverflow } from './useOverflow';
import classes from './SimpleTable.module.css';

/** A column of a short table. */
export interface SimpleColumn<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  align?: 'start' | 'end';
  width?: number | string;
}

interface SimpleTableProps<Row> {
  label: string;
  rows: Row[];
  columns: SimpleColumn<Row>[];
  rowKey: (row: Row) => string | number;
  onOpen?: (row: Row) => void;
  /** On narrow screens each row becomes a card of its cells. */
  stack?: boolean;
  /** Below the last row, such as totals. */
  foot?: ReactNode;
}

/** A short table for admin lists; the DataGrid is for the long ones. */
export function SimpleTable<Row>({ label, rows, columns, rowKey, onOpen, stack, foot }: SimpleTableProps<Row>) {
  const overflow = useOverflow<HTMLDivElement>();
  return (
    <div className={classes.wrap} {...overflow}>
      <table className={classes.table} data-stack={stack || undefined} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" data-align={column.align} style={{ width: column.width }}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              data-open={onOpen ? true : undefined}
              tabIndex={onOpen ? 0 : undefined}
              onClick={onOpen && (() => onOpen(row))}
              onKeyDown={
                onOpen &&
                ((event) => {
                  if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row);
                })
              }
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  data-align={column.align}
                  data-label={typeof column.header === 'string' ? column.header : undefined}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {foot !== undefined && <tfoot>{foot}</tfoot>}
      </table>
    </div>
  );
}
