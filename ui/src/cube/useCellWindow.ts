// SPDX-License-Identifier: Apache-2.0
import { useCallback, useEffect, useState, type RefObject } from 'react';

/** Which rows and columns are drawn: from (inside) to (outside). */
export interface CellWindow {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const ROWS_AROUND = 8;
const COLUMNS_AROUND = 3;
/** The window moves by so many rows and columns at once: fewer steps of layout while scrolling. */
const ROWS_AT_ONCE = 4;
export const COLUMNS_AT_ONCE = 4;
const down = (n: number, step: number) => Math.floor(n / step) * step;
const up = (n: number, step: number) => Math.ceil(n / step) * step;

/** The first position whose end lies beyond a distance; edges are sums of widths. */
export function firstBeyond(edges: number[], distance: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) > distance) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Follows the scrolling of a table so that only what is seen is in the page:
 * a hundred thousand cells would take the browser seconds.
 */
export function useCellWindow(
  box: RefObject<HTMLElement | null>,
  rows: number,
  rowHeight: number,
  edges: number[],
  fixedWidth: number,
): CellWindow {
  const columns = edges.length;
  const measure = useCallback((): CellWindow => {
    const el = box.current;
    const height = el?.clientHeight ?? 600;
    const width = (el?.clientWidth ?? 1200) - fixedWidth;
    const top = Math.max(0, down(Math.floor((el?.scrollTop ?? 0) / rowHeight) - ROWS_AROUND, ROWS_AT_ONCE));
    const bottom = Math.min(
      rows,
      up(Math.ceil(((el?.scrollTop ?? 0) + height) / rowHeight) + ROWS_AROUND, ROWS_AT_ONCE),
    );
    const left = Math.max(0, down(firstBeyond(edges, el?.scrollLeft ?? 0) - COLUMNS_AROUND, COLUMNS_AT_ONCE));
    const right = Math.min(
      columns,
      up(firstBeyond(edges, (el?.scrollLeft ?? 0) + Math.max(width, 200)) + 1 + COLUMNS_AROUND, COLUMNS_AT_ONCE),
    );
    return { top, bottom, left, right };
  }, [box, rows, rowHeight, edges, columns, fixedWidth]);
  const [shown, setShown] = useState<CellWindow>(measure);
  useEffect(() => {
    const el = box.current;
    const follow = () =>
      setShown((now) => {
        const next = measure();
        const same =
          now.top === next.top && now.bottom === next.bottom && now.left === next.left && now.right === next.right;
        return same ? now : next;
      });
    follow();
    el?.addEventListener('scroll', follow, { passive: true });
    const observer = new ResizeObserver(follow);
    if (el) observer.observe(el);
    return () => {
      el?.removeEventListener('scroll', follow);
      observer.disconnect();
    };
  }, [box, measure]);
  return {
    top: Math.min(shown.top, rows),
    bottom: Math.min(shown.bottom, rows),
    left: Math.min(shown.left, columns),
    right: Math.min(shown.right, columns),
  };
}
