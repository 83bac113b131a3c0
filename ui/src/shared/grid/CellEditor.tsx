// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CellEdit } from './types';
import classes from './DataGrid.module.css';

interface CellEditorProps<Row> {
  row: Row;
  edit: CellEdit<Row>;
  label: string;
  /** Leaves the editor: where the cursor goes next. */
  onLeave: (next: 'stay' | 'down' | 'next' | 'previous') => void;
}

/** The editor inside a cell: Enter saves, Esc reverts, Tab saves and goes on. */
export function CellEditor<Row>({ row, edit, label, onLeave }: CellEditorProps<Row>) {
  const { t } = useTranslation('shared');
  const [value, setValue] = useState(() => edit.value(row));
  const done = useRef(false);
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  useEffect(() => {
    field.current?.focus();
    if (edit.kind === 'text' || edit.kind === 'number') field.current?.select();
  }, [edit.kind]);

  const leave = (save: boolean, next: Parameters<typeof onLeave>[0], given = value) => {
    if (done.current) return;
    done.current = true;
    if (save && given !== edit.value(row)) edit.save(row, given);
    onLeave(next);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') leave(false, 'stay');
    else if (event.key === 'Enter') leave(true, 'down');
    else if (event.key === 'Tab') leave(true, event.shiftKey ? 'previous' : 'next');
    else return;
    event.preventDefault();
  };
  const shared = {
    ref: field,
    value,
    onKeyDown,
    onBlur: () => leave(true, 'stay'),
    'aria-label': label,
    className: classes.editor,
  };

  if (edit.kind === 'choice' || edit.kind === 'boolean') {
    const choices =
      edit.kind === 'choice'
        ? (edit.choices ?? [])
        : [
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ];
    return (
      <select
        {...shared}
        onChange={(event) => {
          setValue(event.target.value);
          leave(true, 'stay', event.target.value);
        }}
      >
        <option value="">–</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      {...shared}
      type={edit.kind === 'date' ? 'date' : 'text'}
      inputMode={edit.kind === 'number' ? 'decimal' : undefined}
      onChange={(event) => setValue(event.target.value)}
    />
  );
}
