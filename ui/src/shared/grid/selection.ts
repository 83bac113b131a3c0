// SPDX-License-Identifier: Apache-2.0
import type { Selection } from './types';

export const nothing: Selection = { mode: 'some', ids: new Set() };
export const everything: Selection = { mode: 'all', except: new Set() };

/** Tells whether a row is chosen. */
export function isSelected(selection: Selection, id: number): boolean {
  return selection.mode === 'some' ? selection.ids.has(id) : !selection.except.has(id);
}

/** Chooses or leaves rows. */
export function withRows(selection: Selection, ids: number[], chosen: boolean): Selection {
  const set = new Set(selection.mode === 'some' ? selection.ids : selection.except);
  for (const id of ids) {
    if (chosen === (selection.mode === 'some')) set.add(id);
    else set.delete(id);
  }
  return selection.mode === 'some' ? { mode: 'some', ids: set } : { mode: 'all', except: set };
}

/** How many rows are chosen out of a total. */
export function selectedCount(selection: Selection, total: number): number {
  return selection.mode === 'some' ? selection.ids.size : Math.max(0, total - selection.except.size);
}
