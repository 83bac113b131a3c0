// SPDX-License-Identifier: Apache-2.0
export { ColumnChooser } from './ColumnChooser';
export { DataGrid } from './DataGrid';
export { everything, isSelected, nothing, selectedCount, withRows } from './selection';
export { SelectionBar } from './SelectionBar';
export type { CellEdit, ColumnState, GridColumn, Selection, Sort } from './types';
export { useRowPages, type PageAsk, type RowPages } from './useRowPages';
