// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, SegmentedControl, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { Keyboard, Menu as MenuIcon, Moon, Search, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Keys } from '@/shared/page';
import { changeLanguage, currentLanguage, languages, type Language } from '../i18n';
import { useSession } from '../session';
import { setLocale } from '../account/api';
import { openPalette } from './Palette';
import { RunningJobs } from './RunningJobs';
import { UnmaskedChip } from './UnmaskedChip';
import { UserMenu } from './UserMenu';
import classes from './TopBar.module.css';

/** The bar above every page: search, running work, language, colours, own account. */
export function TopBar({ onMenu, onShortcuts }: { onMenu: () => void; onShortcuts: () => void }) {
  const { t } = useTranslation('app');
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const { person } = useSession();
  const SchemeIcon = scheme === 'dark' ? Sun : Moon;
  const choose = (language: string) => {
    void changeLanguage(language as Language);
    void setLocale(language as Language);
  };
  return (
    <header className={classes.bar}>
      <ActionIcon className={classes.menu} onClick={onMenu} aria-label={t('shell.menu')}>
        <MenuIcon size={18} />
      </ActionIcon>
      <button type="button" className={classes.search} onClick={openPalette}>
        <Search size={15} aria-hidden />
        <span className="ellipsis">{t('shell.search')}</span>
        <Keys keys="mod+k" />
      </button>
      <div className={classes.right}>
        <UnmaskedChip />
        <RunningJobs />
        <SegmentedControl
          className={classes.wide}
          aria-label={t('shell.language')}
          value={currentLanguage()}
          onChange={choose}
          data={languages.map(({ code, label }) => ({ value: code, label }))}
        />
        <Tooltip label={t('shortcuts.sheet')}>
          <ActionIcon className={classes.wide} onClick={onShortcuts} aria-label={t('shortcuts.sheet')}>
            <Keyboard size={17} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t(scheme === 'dark' ? 'shell.light' : 'shell.dark')}>
          <ActionIcon
            className={classes.wide}
            onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
            aria-label={t(scheme === 'dark' ? 'shell.light' : 'shell.dark')}
          >
            <SchemeIcon size={17} />
          </ActionIcon>
        </Tooltip>
        <UserMenu name={person.name} email={person.email} />
      </div>
    </header>
  );
}
