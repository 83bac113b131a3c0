// SPDX-License-Identifier: Apache-2.0
import { useRef, useState, type DragEvent, type PointerEvent } from 'react';
import type { Tile } from './api';
import type { TileActions } from './BoardTile';

const TYPE = 'application/x-dangol-tile';
const COLUMNS = 12;
const HIGHEST = 8;

/** Dragging a tile by its head onto another, and its corner to another size; the menu does the same by keyboard. */
export function useTileDrag(tile: Tile, actions: TileActions | undefined, row: number) {
  const [isOver, setOver] = useState(false);
  const section = useRef<HTMLElement>(null);
  const size = useRef<{ w: number; h: number }>(undefined);
  const isTile = (event: DragEvent) => event.dataTransfer.types.includes(TYPE);
  const resize = (event: PointerEvent<HTMLElement>) => {
    const box = section.current?.getBoundingClientRect();
    const grid = section.current?.parentElement?.getBoundingClientRect();
    if (!box || !grid || !size.current) return;
    const w = Math.round(((event.clientX - box.left) / grid.width) * COLUMNS);
    const h = Math.round((event.clientY - box.top) / row);
    const next = { w: Math.max(2, Math.min(COLUMNS, w)), h: Math.max(1, Math.min(HIGHEST, h)) };
    if (next.w === size.current.w && next.h === size.current.h) return;
    size.current = next;
    actions?.resize(next.w, next.h);
  };
  return {
    section,
    isOver,
    head: actions && {
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.setData(TYPE, tile.id);
        event.dataTransfer.effectAllowed = 'move';
      },
    },
    target: actions && {
      onDragOver: (event: DragEvent) => {
        if (!isTile(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event: DragEvent) => {
        if (!isTile(event)) return;
        event.preventDefault();
        setOver(false);
        actions.drop(event.dataTransfer.getData(TYPE));
      },
    },
    corner: actions && {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        size.current = { w: tile.w, h: tile.h };
      },
      onPointerMove: resize,
      onPointerUp: () => {
        size.current = undefined;
      },
    },
  };
}
