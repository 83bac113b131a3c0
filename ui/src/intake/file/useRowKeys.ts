// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '@/app/shortcuts';

const nothing = () => undefined;

/** Keys for a table of rows with one picker each: arrows walk, Enter opens the picker, x leaves a row out. */
export function useRowKeys(onSkip: (index: number) => void, onOpen: (index: number) => void) {
  const { t } = useTranslation('intake');
  const [active, setActive] = useState<number>();
  const shown = (keys: string, label: string) => ({ keys, label, run: nothing, shownOnly: true });
  useShortcuts(t('step.map'), [
    shown('ArrowDown', t('map.keys.down')),
    shown('ArrowUp', t('map.keys.up')),
    shown('Enter', t('map.keys.open')),
    shown('x', t('map.keys.skip')),
    shown('Escape', t('map.keys.back')),
  ]);

  const rowOf = (target: EventTarget) => (target as HTMLElement).closest<HTMLTableRowElement>('tr[data-index]');
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>) => {
    const row = rowOf(event.target);
    if (!row || event.defaultPrevented) return;
    if (event.target !== row) {
      if (event.key === 'Escape') row.focus();
      return;
    }
    const rows = [...event.currentTarget.querySelectorAll<HTMLTableRowElement>('tr[data-index]')];
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (step) rows[rows.indexOf(row) + step]?.focus();
    else if (event.key === 'Enter') onOpen(Number(row.dataset.index));
    else if (event.code === 'KeyX') onSkip(Number(row.dataset.index));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocus = (event: React.FocusEvent) => {
    const row = rowOf(event.target);
    if (row) setActive(Number(row.dataset.index));
  };
  return { active, onKeyDown, onFocus };
}
