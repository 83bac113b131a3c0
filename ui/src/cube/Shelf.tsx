// SPDX-License-Identifier: Apache-2.0
import { Menu, Select } from '@mantine/core';
import { GripVertical, Plus, X } from 'lucide-react';
import { useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PickGroup } from './useCubeMeta';
import classes from './Shelf.module.css';

/** Where a field can stand. */
export type Place = 'rows' | 'columns' | 'measures' | 'filters';

/** A field on its way from one place to another. */
export interface Move {
  field: string;
  from?: Place;
  to: Place | 'none';
  at?: number;
}

interface ShelfProps {
  place: Place;
  title: string;
  fields: string[];
  nameOf: (field: string) => string;
  groups: PickGroup[];
  onMove: (move: Move) => void;
  /** More entries of a chip's menu. */
  menu?: (field: string) => ReactNode;
  children?: ReactNode;
}

const type = 'application/x-dangol-field';

/** Reads the field that is being dropped. */
export function droppedField(event: DragEvent): { field: string; from: Place } | undefined {
  const text = event.dataTransfer.getData(type);
  if (!text) return undefined;
  event.preventDefault();
  return JSON.parse(text) as { field: string; from: Place };
}

/** Says that a field may be dropped here. */
export const acceptField = (event: DragEvent) => {
  if (event.dataTransfer.types.includes(type)) event.preventDefault();
};

/** A place for fields: chips that can be dragged, moved by keys or by their menu. */
export function Shelf({ place, title, fields, nameOf, groups, onMove, menu, children }: ShelfProps) {
  const { t } = useTranslation('cube');
  const [isOver, setOver] = useState(false);
  const [isAdding, setAdding] = useState(false);
  const others = (['rows', 'columns', 'filters'] as const).filter((p) => p !== place && place !== 'measures');
  const keys = (event: KeyboardEvent, field: string, i: number) => {
    if (event.key === 'Delete' || event.key === 'Backspace') onMove({ field, from: place, to: 'none' });
    else if (event.shiftKey && event.key === 'ArrowRight') onMove({ field, from: place, to: place, at: i + 2 });
    else if (event.shiftKey && event.key === 'ArrowLeft')
      onMove({ field, from: place, to: place, at: Math.max(0, i - 1) });
    else if (event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && place !== 'measures')
      onMove({ field, from: place, to: place === 'rows' ? 'columns' : 'rows' });
    else return;
    event.preventDefault();
  };
  const drop = (event: DragEvent, at?: number) => {
    setOver(false);
    const dropped = droppedField(event);
    if (!dropped || (dropped.from === 'measures') !== (place === 'measures')) return;
    event.stopPropagation();
    onMove({ ...dropped, to: place, at });
  };
  return (
    <div
      className={classes.shelf}
      data-over={isOver || undefined}
      role="group"
      aria-label={title}
      onDragOver={(event) => {
        acceptField(event);
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => drop(event)}
    >
      <span className={classes.title}>{title}</span>
      <div className={classes.chips}>
        {fields.map((field, i) => (
          <span
            key={field}
            className={classes.chip}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.setData(type, JSON.stringify({ field, from: place }));
              event.dataTransfer.effectAllowed = 'move';
            }}
            onDrop={(event) => drop(event, i)}
          >
            <GripVertical size={12} aria-hidden className={classes.grip} />
            <Menu position="bottom-start" withinPortal>
              <Menu.Target>
                <button
                  type="button"
                  className={classes.name}
                  title={t('shelf.hint')}
                  onKeyDown={(event) => keys(event, field, i)}
                >
                  {nameOf(field)}
                </button>
              </Menu.Target>
              <Menu.Dropdown>
                {menu?.(field)}
                {i > 0 && (
                  <Menu.Item onClick={() => onMove({ field, from: place, to: place, at: i - 1 })}>
                    {t('shelf.before')}
                  </Menu.Item>
                )}
                {i < fields.length - 1 && (
                  <Menu.Item onClick={() => onMove({ field, from: place, to: place, at: i + 2 })}>
                    {t('shelf.after')}
                  </Menu.Item>
                )}
                {others.map((to) => (
                  <Menu.Item key={to} onClick={() => onMove({ field, from: place, to })}>
                    {t(`shelf.to.${to}`)}
                  </Menu.Item>
                ))}
                <Menu.Item color="red" onClick={() => onMove({ field, from: place, to: 'none' })}>
                  {t('shelf.remove')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <button
              type="button"
              className={classes.remove}
              aria-label={t('shelf.removeNamed', { name: nameOf(field) })}
              onClick={() => onMove({ field, from: place, to: 'none' })}
            >
              <X size={12} aria-hidden />
            </button>
          </span>
        ))}
        {isAdding ? (
          <Select
            size="xs"
            className={classes.pick}
            aria-label={t('shelf.add', { place: title })}
            data={groups}
            searchable
            autoFocus
            defaultDropdownOpened
            nothingFoundMessage={t('notFound')}
            onBlur={() => setAdding(false)}
            onChange={(field) => {
              setAdding(false);
              if (field) onMove({ field, to: place });
            }}
          />
        ) : (
          <button
            type="button"
            className={classes.add}
            aria-label={t('shelf.add', { place: title })}
            onClick={() => setAdding(true)}
          >
            <Plus size={13} aria-hidden />
          </button>
        )}
        {children}
      </div>
    </div>
  );
}
