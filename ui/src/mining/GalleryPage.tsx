// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Page } from '@/shared/page';
import classes from './Gallery.module.css';
import { Pinned } from './Pinned';
import { questions } from './questions';

const abouts = ['worth', 'behaviour', 'future'] as const;

/** Models start from a question, not from the name of a method. */
export function GalleryPage() {
  const { t } = useTranslation('mining');
  return (
    <Page title={t('gallery.title')}>
      <div className={classes.stack}>
        <p className={classes.lead}>{t('gallery.lead')}</p>
        <Pinned />
        {abouts.map((about) => (
          <section key={about} className={classes.group} aria-label={t(`gallery.about.${about}`)}>
            <h2>{t(`gallery.about.${about}`)}</h2>
            <ul className={classes.cards}>
              {questions
                .filter((question) => question.about === about)
                .map(({ key, to, icon: Icon, ...rest }) => (
                  <li key={key}>
                    <Link to={to} search={'search' in rest ? rest.search : {}} className={classes.card}>
                      <Icon size={20} aria-hidden className={classes.icon} />
                      <strong>{t(`gallery.questions.${key}.ask`)}</strong>
                      <span>{t(`gallery.questions.${key}.get`)}</span>
                      <ChevronRight size={16} aria-hidden className={classes.go} />
                    </Link>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Page>
  );
}
