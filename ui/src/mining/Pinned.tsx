// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pin } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import classes from './Gallery.module.css';
import { pinnedQuery } from './run';

/** Pages of the kinds of runs. */
const pages = {
  value: '/value',
  forecast: '/forecast',
  prediction: '/prediction',
  basket: '/basket',
  profile: '/profile',
  cluster: '/cluster',
  statistics: '/statistics',
  recommendation: '/recommendation',
  lookalike: '/lookalikes',
  uplift: '/uplift',
  scorecard: '/scorecards',
  share: '/share',
  chaos: '/chaos',
} as const;

const titles = {
  value: 'value.title',
  forecast: 'forecast.title',
  prediction: 'finding.prediction.title',
  basket: 'finding.basket.title',
  profile: 'finding.profile.title',
  cluster: 'finding.cluster.title',
  statistics: 'finding.statistics.title',
  recommendation: 'finding.recommendation.title',
  lookalike: 'finding.lookalike.title',
  uplift: 'finding.uplift.title',
  scorecard: 'finding.scorecard.title',
  share: 'share.title',
  chaos: 'chaos.title',
} as const;

/** Results that people keep, with what they said about them. */
export function Pinned() {
  const { t } = useTranslation('mining');
  const { dateTime } = useFormat();
  const pinned = useQuery(pinnedQuery);
  const items = (pinned.data?.items ?? []).filter((run) => run.kind in pages);
  if (items.length === 0) return null;
  return (
    <section className={classes.group} aria-label={t('gallery.pinned')}>
      <h2>{t('gallery.pinned')}</h2>
      <ul className={classes.cards}>
        {items.map((run) => {
          const kind = run.kind as keyof typeof pages;
          return (
            <li key={run.id}>
              <Link to={pages[kind]} search={{ run: run.id } as never} className={classes.card}>
                <Pin size={20} aria-hidden className={classes.icon} />
                <strong>{t(titles[kind])}</strong>
                <span>{run.note || dateTime(run.finished_at ?? run.created_at)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
