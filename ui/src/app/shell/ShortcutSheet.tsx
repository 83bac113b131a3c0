// SPDX-License-Identifier: Apache-2.0
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Keys } from '@/shared/page';
import { useShortcutGroups, type Shortcut } from '../shortcuts';
import classes from './ShortcutSheet.module.css';

/** "?": the keys that work on this screen. */
export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  const byTitle = new Map<string, Shortcut[]>();
  for (const group of useShortcutGroups()) {
    byTitle.set(group.title, [...(byTitle.get(group.title) ?? []), ...group.shortcuts]);
  }
  return (
    <Modal opened={opened} onClose={onClose} title={t('shortcuts.title')} size={720}>
      <div className={classes.groups}>
        {[...byTitle].map(([title, shortcuts]) => (
          <section key={title}>
            <h3 className={classes.title}>{title}</h3>
            <dl className={classes.list}>
              {shortcuts.map((shortcut) => (
                <div key={shortcut.keys + shortcut.label} className={classes.row}>
                  <dt>{shortcut.label}</dt>
                  <dd>
                    <Keys keys={shortcut.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
