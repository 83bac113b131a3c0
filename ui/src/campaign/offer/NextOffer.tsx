// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, Gift, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, Status } from '@/shared/page';
import { answerOffer, askOffers, type Show } from './api';
import styles from './Offer.module.css';

function Card({ show, onAnswered }: { show: Show; onAnswered: () => void }) {
  const { t } = useTranslation('campaign');
  const { money } = useFormat();
  const queries = useQueryClient();
  const answer = useMutation({
    mutationFn: (word: 'accepted' | 'declined') => answerOffer(show.id, word),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['offers'] });
      onAnswered();
    },
  });
  const { offer } = show;
  return (
    <article className={styles.card}>
      <strong>{offer.name}</strong>
      {offer.description && <p>{offer.description}</p>}
      <span className={styles.meta}>
        <Status tone="accent">{t(`offer.kinds.${offer.kind}`)}</Status>
        {show.is_held && <Status tone="grey">{t('offer.held')}</Status>}
        {show.is_wanted && <Status tone="teal">{t('offer.wanted')}</Status>}
        {show.is_explored && <Status tone="violet">{t('offer.explored')}</Status>}
        <span className="dim num">{t('offer.gain', { shown: money(offer.value - offer.cost, offer.currency) })}</span>
      </span>
      <div className={styles.answers}>
        <Button size="compact-sm" leftSection={<Check size={13} />} onClick={() => answer.mutate('accepted')}>
          {t('offer.accept')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<X size={13} />}
          onClick={() => answer.mutate('declined')}
        >
          {t('offer.decline')}
        </Button>
      </div>
    </article>
  );
}

/** Asks for the next best offer of a customer, for whoever talks with them. */
export function NextOffer({ customerId }: PanelProps) {
  const { t } = useTranslation('campaign');
  const can = useCan();
  const [answered, setAnswered] = useState<number[]>([]);
  const ask = useMutation({ mutationFn: () => askOffers(customerId, 'desk', 1), onSuccess: () => setAnswered([]) });
  if (!can('campaign:answer')) return null;
  const shows = ask.data?.shows.filter((show) => !answered.includes(show.id)) ?? [];
  return (
    <Panel
      title={t('offer.next')}
      actions={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Gift size={13} />}
          loading={ask.isPending}
          onClick={() => ask.mutate()}
        >
          {t(ask.data ? 'offer.askAgain' : 'offer.ask')}
        </Button>
      }
    >
      <div role="status">
        {shows.map((show) => (
          <Card key={show.id} show={show} onAnswered={() => setAnswered([...answered, show.id])} />
        ))}
        {ask.data?.reason && <p className="dim">{t(`offer.reason.${ask.data.reason}`)}</p>}
        {answered.length > 0 && shows.length === 0 && <p className="dim">{t('offer.noted')}</p>}
        {ask.data && ask.data.proposals.length > 0 && (
          <>
            <p className="dim">{t('offer.proposals')}</p>
            <ul className={styles.proposals}>
              {ask.data.proposals.map((p) => (
                <li key={p.product}>
                  <strong>{p.product}</strong>
                  {p.because && <small>{t('offer.because', { product: p.because })}</small>}
                </li>
              ))}
            </ul>
          </>
        )}
        {!ask.data && <p className="dim">{t('offer.nextHint')}</p>}
      </div>
    </Panel>
  );
}
