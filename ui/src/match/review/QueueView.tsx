// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { useFormat } from '@/shared/format';
import { EmptyState, Keys, Query } from '@/shared/page';
import type { PairAsk } from '../api';
import { PairView } from './PairView';
import classes from './Review.module.css';
import { useQueue } from './useQueue';

/** The queue, one pair at a time; every decision is one key. */
export function QueueView({ ask }: { ask: PairAsk }) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const can = useCan();
  const queue = useQueue(ask);
  const may = can('match:decide');
  useShortcuts(t('review.title'), [
    { keys: 's', label: t('review.same'), run: () => may && queue.decide('same') },
    { keys: 'd', label: t('review.different'), run: () => may && queue.decide('different') },
    { keys: 'l', label: t('review.laterKey'), run: () => may && queue.decide('later') },
    { keys: 'j', label: t('review.next'), run: () => queue.go(1) },
    { keys: 'k', label: t('review.previous'), run: () => queue.go(-1) },
    { keys: 'ArrowRight', label: t('review.next'), run: () => queue.go(1) },
    { keys: 'ArrowLeft', label: t('review.previous'), run: () => queue.go(-1) },
    { keys: 'u', label: t('review.undo'), run: () => void queue.undo() },
  ]);
  return (
    <div className={classes.page}>
      <Query result={queue.result}>
        {() =>
          queue.current ? (
            <>
              <div className={classes.body}>
                <PairView id={queue.current.id} />
              </div>
              <footer className={classes.foot}>
                {may && (
                  <>
                    <Button onClick={() => queue.decide('same')} rightSection={<Keys keys="s" />}>
                      {t('review.same')}
                    </Button>
                    <Button
                      color="red"
                      variant="light"
                      onClick={() => queue.decide('different')}
                      rightSection={<Keys keys="d" />}
                    >
                      {t('review.different')}
                    </Button>
                    <Button variant="default" onClick={() => queue.decide('later')} rightSection={<Keys keys="l" />}>
                      {t('review.laterKey')}
                    </Button>
                    <Button
                      variant="subtle"
                      disabled={queue.decided === 0}
                      onClick={() => void queue.undo()}
                      rightSection={<Keys keys="u" />}
                    >
                      {t('review.undo')}
                    </Button>
                  </>
                )}
                <span className={classes.spacer} />
                <span className="dim num" aria-live="polite">
                  {t('review.place', { at: number(queue.place), n: `${number(queue.left)}${queue.capped ? '+' : ''}` })}
                </span>
                <Button variant="default" onClick={() => queue.go(-1)} rightSection={<Keys keys="k" />}>
                  {t('review.previous')}
                </Button>
                <Button variant="default" onClick={() => queue.go(1)} rightSection={<Keys keys="j" />}>
                  {t('review.next')}
                </Button>
              </footer>
            </>
          ) : (
            <EmptyState icon={CircleCheck} title={t('review.emptyTitle')} text={t('review.emptyText')}>
              <Button variant="default" renderRoot={(props) => <Link to="/match" {...props} />}>
                {t('review.toRuns')}
              </Button>
            </EmptyState>
          )
        }
      </Query>
    </div>
  );
}
