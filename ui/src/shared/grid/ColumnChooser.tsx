// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Checkbox, Popover, ScrollArea, TextInput } from '@mantine/core';
import { ArrowDown, ArrowUp, Columns3, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesHangul } from '@/shared/format';
import type { ColumnState } from './types';
import classes from './ColumnChooser.module.css';

interface ColumnChooserProps {
  all: { id: string; header: string }[];
  shown: ColumnState[];
  onChange: (shown: ColumnState[]) => void;
}

/** Chooses and orders the columns of a grid; the first one identifies the row and stays. */
export function ColumnChooser({ all, shown, onChange }: ColumnChooserProps) {
  const { t } = useTranslation('shared');
  const [find, setFind] = useState('');
  const names = new Map(all.map((column) => [column.id, column.header]));
  const hidden = all.filter((column) => !shown.some((s) => s.id === column.id));
  const fits = (id: string) => matchesHangul(names.get(id) ?? id, find);
  const move = (index: number, step: number) => {
    const next = [...shown];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + step, 0, moved);
    onChange(next);
  };
  return (
    <Popover position="bottom-end" width={280} trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<Columns3 size={15} />}>
          {t('grid.columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <TextInput
          aria-label={t('grid.findColumn')}
          placeholder={t('grid.findColumn')}
          leftSection={<Search size={14} />}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
          data-autofocus
        />
        <ScrollArea.Autosize mah={380} mt={6} type="auto">
          <ul className={classes.list}>
            {shown.map((column, i) =>
              fits(column.id) ? (
                <li key={column.id} className={classes.line}>
                  <Checkbox
                    checked
                    disabled={i === 0}
                    label={names.get(column.id) ?? column.id}
                    onChange={() => onChange(shown.filter((s) => s.id !== column.id))}
                  />
                  <span className={classes.moves}>
                    <ActionIcon
                      size={24}
                      disabled={i <= 1}
                      onClick={() => move(i, -1)}
                      aria-label={t('grid.moveLeft', { name: names.get(column.id) ?? column.id })}
                    >
                      <ArrowUp size={14} />
                    </ActionIcon>
                    <ActionIcon
                      size={24}
                      disabled={i === 0 || i === shown.length - 1}
                      onClick={() => move(i, 1)}
                      aria-label={t('grid.moveRight', { name: names.get(column.id) ?? column.id })}
                    >
                      <ArrowDown size={14} />
                    </ActionIcon>
                  </span>
                </li>
              ) : null,
            )}
            {hidden.some((column) => fits(column.id)) && <li className={classes.title}>{t('grid.hiddenColumns')}</li>}
            {hidden.map((column) =>
              fits(column.id) ? (
                <li key={column.id} className={classes.line}>
                  <Checkbox
                    checked={false}
                    label={column.header}
                    onChange={() => onChange([...shown, { id: column.id }])}
                  />
                </li>
              ) : null,
            )}
          </ul>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  );
}
