// SPDX-License-Identifier: Apache-2.0
import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { navItems } from '../capabilities';
import { translate } from '../i18n';
import { useCan } from '../session';
import { useShortcuts, type Shortcut } from '../shortcuts';
import { ImageNotice } from './ImageNotice';
import { Navigation } from './Navigation';
import { openPalette, Palette } from './Palette';
import { ShortcutSheet } from './ShortcutSheet';
import { TopBar } from './TopBar';
import classes from './Shell.module.css';

/** The frame of every page behind sign-in: navigation, top bar, palette and shortcut sheet. */
export function Shell() {
  const { t } = useTranslation('app');
  const [menu, setMenu] = useDisclosure(false);
  const [sheet, setSheet] = useDisclosure(false);
  const router = useRouter();
  const can = useCan();
  const places: Shortcut[] = navItems
    .filter((item) => item.keys && can(item.permission))
    .map((item) => ({
      keys: item.keys ?? '',
      label: translate(item.label),
      run: () => void router.navigate({ to: item.to }),
    }));
  useShortcuts(t('shortcuts.everywhere'), [
    { keys: 'mod+k', label: t('shortcuts.palette'), run: openPalette, inFields: true },
    { keys: '?', label: t('shortcuts.sheet'), run: setSheet.open },
    ...places,
  ]);

  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <aside className={classes.side}>
        <Navigation />
      </aside>
      <div className={classes.main}>
        <TopBar onMenu={setMenu.open} onShortcuts={setSheet.open} />
        <ImageNotice />
        <main id="content" className={classes.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={menu}
        onClose={setMenu.close}
        size={264}
        padding={0}
        withCloseButton={false}
        title={t('shell.menu')}
        styles={{ header: { display: 'none' } }}
      >
        <Navigation onGo={setMenu.close} />
      </Drawer>
      <Palette onShortcuts={setSheet.open} />
      <ShortcutSheet opened={sheet} onClose={setSheet.close} />
    </div>
  );
}
