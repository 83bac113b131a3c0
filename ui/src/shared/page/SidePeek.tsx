// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import { ChevronDown, ChevronUp, Maximize2, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './SidePeek.module.css';

interface SidePeekProps {
  label: string;
  onClose: () => void;
  /** Opens the record as a page of its own, when it has one. */
  onOpen?: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
  children: ReactNode;
}

/** A record beside its list; not modal, so that the list stays usable. */
export function SidePeek({ label, onClose, onOpen, onPrevious, onNext, children }: SidePeekProps) {
  const { t } = useTranslation('shared');
  const buttons = [
    { key: 'previous', icon: ChevronUp, run: onPrevious },
    { key: 'next', icon: ChevronDown, run: onNext },
    ...(onOpen ? [{ key: 'open', icon: Maximize2, run: onOpen } as const] : []),
  ] as const;
  return (
    <aside className={classes.peek} aria-label={label}>
      <header className={classes.head}>
        {buttons.map(({ key, icon: Icon, run }) => (
          <Tooltip key={key} label={t(`peek.${key}`)}>
            <ActionIcon size={28} onClick={run} disabled={!run} aria-label={t(`peek.${key}`)}>
              <Icon size={16} />
            </ActionIcon>
          </Tooltip>
        ))}
        <Tooltip label={t('close')}>
          <ActionIcon size={28} ml="auto" onClick={onClose} aria-label={t('close')}>
            <X size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className={classes.body}>{children}</div>
    </aside>
  );
}
