// SPDX-License-Identifier: Apache-2.0
import { useCallback, useRef, type KeyboardEvent, type RefObject } from 'react';
import type { Spot } from './choose';
import type { Layout } from './tableLayout';

const steps: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-15, 0],
  PageDown: [15, 0],
};

/** Arrows walk the cells of a pivot, Enter chooses, Shift with Enter chooses a range from the last cell on. */
export function useCellKeys(
  box: RefObject<HTMLElement | null>,
  rows: number,
  layout: Layout,
  rowHeight: number,
  choose: (spot: Spot, isRange: boolean, anchor: HTMLElement) => void,
) {
  const at = useRef<Spot>({ row: 0, column: -1 });
  return useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const el = box.current;
      if (!el) return;
      const target = event.target as HTMLElement;
      if (target.dataset['r'] !== undefined)
        at.current = { row: Number(target.dataset['r']), column: Number(target.dataset['c']) };
      else if (target !== el) return;
      const find = (spot: Spot) => el.querySelector<HTMLElement>(`[data-r="${spot.row}"][data-c="${spot.column}"]`);
      if (event.key === 'Enter') {
        const cell = find(at.current);
        if (!cell) return;
        event.preventDefault();
        choose(at.current, event.shiftKey, cell);
        return;
      }
      const step = event.ctrlKey || event.metaKey ? undefined : steps[event.key];
      const far =
        event.key === 'Home'
          ? { row: 0, column: 0 }
          : event.key === 'End'
            ? { row: rows - 1, column: layout.columns.length - 1 }
            : undefined;
      if (!step && !far) return;
      event.preventDefault();
      const clamp = (n: number, most: number) => Math.max(0, Math.min(most, n));
      const next = far ?? {
        row: clamp(at.current.row + (step?.[0] ?? 0), rows - 1),
        column: clamp(at.current.column + (step?.[1] ?? 0), layout.columns.length - 1),
      };
      at.current = next;
      reveal(el, next, layout, rowHeight);
      requestAnimationFrame(() => find(next)?.focus({ preventScroll: true }));
    },
    [box, rows, layout, rowHeight, choose],
  );
}

/** Scrolls so that a cell stands clear of the sticky heads and totals. */
function reveal(el: HTMLElement, spot: Spot, layout: Layout, rowHeight: number) {
  const top = spot.row * rowHeight;
  const visible = el.clientHeight - 4 * rowHeight;
  if (top < el.scrollTop) el.scrollTop = top;
  else if (top > el.scrollTop + visible) el.scrollTop = top - visible;
  const right = layout.edges[spot.column] ?? 0;
  const left = right - (layout.columns[spot.column]?.width ?? 0);
  const room = el.clientWidth - layout.fixed;
  if (left < el.scrollLeft) el.scrollLeft = left;
  else if (right > el.scrollLeft + room) el.scrollLeft = right - room;
}
