// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { navItems } from '../capabilities';
import { stages } from '../capability';
import { translate } from '../i18n';
import { useCan, useSession } from '../session';
import { Mark } from './Mark';
import classes from './Navigation.module.css';

/** The navigation along the loop: collect, know, understand, act, measure, settings. */
export function Navigation({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation('app');
  const can = useCan();
  const { company } = useSession();
  return (
    <nav className={classes.nav} aria-label={t('shell.navigation')}>
      <Link to="/" className={classes.brand} onClick={onGo}>
        <Mark size={24} />
        <span className={classes.name}>
          {t('product')}
          <small className="ellipsis">{company.name}</small>
        </span>
      </Link>
      {stages.map((stage) => {
        const items = navItems.filter((item) => item.stage === stage && can(item.permission));
        if (items.length === 0) return null;
        return (
          <section key={stage} className={classes.group}>
            {stage !== 'home' && <h2 className={classes.stage}>{t(`stage.${stage}`)}</h2>}
            <ul>
              {items.map(({ to, label, icon: Icon, exact }) => (
                <li key={to}>
                  <Link
                    to={to}
                    className={classes.item}
                    activeProps={{ 'data-active': true, 'aria-current': 'page' }}
                    activeOptions={{ exact: exact ?? false, includeSearch: false }}
                    onClick={onGo}
                  >
                    <Icon size={16} strokeWidth={1.75} aria-hidden />
                    {translate(label)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}
