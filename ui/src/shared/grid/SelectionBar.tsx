// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { everything, nothing, selectedCount } from './selection';
import type { Selection } from './types';
import classes from './SelectionBar.module.css';

interface SelectionBarProps {
  selection: Selection;
  onSelection: (selection: Selection) => void;
  total: { count: number; capped: boolean };
  /** The actions on the selection. */
  children: ReactNode;
}

/** The floating bar over a grid with a selection: how many, all that match, and what can be done with them. */
export function SelectionBar({ selection, onSelection, total, children }: SelectionBarProps) {
  const { t } = useTranslation('shared');
  const { number, count } = useFormat();
  const chosen = selectedCount(selection, total.count);
  if (chosen === 0) return null;
  const shown = selection.mode === 'all' && total.capped ? `${number(chosen)}+` : number(chosen);
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('grid.selection')}>
      <strong className="num" aria-live="polite">
        {t('grid.chosen', { count: chosen, shown })}
      </strong>
      {selection.mode === 'some' && chosen < total.count && (
        <Button size="compact-sm" variant="subtle" onClick={() => onSelection(everything)}>
          {t('grid.selectMatching', { shown: count(total) })}
        </Button>
      )}
      <span className={classes.line} />
      {children}
      <ActionIcon size={28} onClick={() => onSelection(nothing)} aria-label={t('grid.clear')}>
        <X size={16} />
      </ActionIcon>
    </div>
  );
}
