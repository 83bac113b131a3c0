// SPDX-License-Identifier: Apache-2.0
import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { followScroll, placeAt, spaceOf, type WindowPlace, type WindowSizes } from './rowWindow';

const SPARE_ROWS = 6;

interface RowWindow {
  first: number;
  last: number;
  space: number;
  /** What to take off a row's real place to get its place in the scroll space. */
  shift: number;
  view: number;
  onScroll: () => void;
  reveal: (row: number) => void;
}

/** The rows that a scroller shows, among up to millions. `head` is the height of the sticky header. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  rows: number,
  rowHeight: number,
  head: number,
): RowWindow {
  const [view, setView] = useState(600);
  const [place, setPlace] = useState<WindowPlace>({ scroll: 0, top: 0 });
  const current = useRef(place);
  const sizes: WindowSizes = { rows, rowHeight, view };
  const latest = useRef(sizes);
  latest.current = sizes;

  const move = useCallback(
    (next: WindowPlace) => {
      current.current = next;
      setPlace(next);
      const element = scroller.current;
      if (element && Math.abs(element.scrollTop - next.scroll) >= 1) element.scrollTop = next.scroll;
    },
    [scroller],
  );

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element || element.scrollTop === current.current.scroll) return;
    move(followScroll(current.current, element.scrollTop, latest.current));
  }, [scroller, move]);

  const reveal = useCallback(
    (row: number) => {
      const { rowHeight: height, view: seen } = latest.current;
      const { top } = current.current;
      if (row * height < top) move(placeAt(row * height, latest.current));
      else if ((row + 1) * height > top + seen) move(placeAt((row + 1) * height - seen, latest.current));
    },
    [move],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => setView(Math.max(rowHeight, element.clientHeight - head));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, head, rowHeight]);

  useLayoutEffect(() => {
    const most = Math.max(0, rows * rowHeight - view);
    if (current.current.top > most) move(placeAt(most, { rows, rowHeight, view }));
  }, [rows, rowHeight, view, move]);

  const first = Math.max(0, Math.floor(place.top / rowHeight) - SPARE_ROWS);
  const last = Math.min(rows, Math.ceil((place.top + view) / rowHeight) + SPARE_ROWS);
  return { first, last, space: spaceOf(sizes), shift: place.top - place.scroll, view, onScroll, reveal };
}
