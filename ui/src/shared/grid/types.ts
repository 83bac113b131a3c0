// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';

/** How a cell is edited in place. */
export interface CellEdit<Row> {
  kind: 'text' | 'number' | 'date' | 'choice' | 'boolean';
  /** The value as the editor shows it. */
  value: (row: Row) => string;
  choices?: { value: string; label: string }[];
  /** Tells that a row cannot be edited here (masked, no right). */
  locked?: (row: Row) => boolean;
  /** Stores the new value; a fault puts the old one back. */
  save: (row: Row, value: string) => void;
}

/** A column that a grid can show. */
export interface GridColumn<Row> {
  id: string;
  header: string;
  width: number;
  align?: 'start' | 'end';
  sortable?: boolean;
  /** Plain markup only: a row is drawn sixty times a second while scrolling. */
  cell: (row: Row) => ReactNode;
  edit?: CellEdit<Row>;
}

/** A column as a person has set it up. */
export interface ColumnState {
  id: string;
  width?: number;
}

/** The order of the rows: a column, descending with a minus in front; the form of the API. */
export type Sort = string | undefined;

/** Which rows are chosen: some by id, or all that match except some. */
export type Selection = { mode: 'some'; ids: ReadonlySet<number> } | { mode: 'all'; except: ReadonlySet<number> };

/** The place of the cursor in a grid. */
export interface CellAt {
  row: number;
  column: number;
}
