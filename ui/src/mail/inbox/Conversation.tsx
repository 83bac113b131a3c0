// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, type Page } from '@/app/api';
import { useFormat } from '@/shared/format';
import type { Received, ReceivedMessage, SentLetter } from '../api';
import { DispatchState } from '../single/DispatchState';
import styles from './Inbox.module.css';

/** The rest of the conversation in the order of time: what the person wrote, and what staff answered. */
export function Conversation({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const letters = useQuery({
    queryKey: ['inbox', 'letters', mail.id],
    retry: false,
    queryFn: ({ signal }) =>
      api.get<Page<SentLetter>>('/api/mail/inbox/{id}/letters', { path: { id: mail.id }, signal }),
  });
  const entries = [
    ...mail.thread.map((received) => ({ at: received.received_at, received, letter: undefined })),
    ...(letters.data?.items ?? []).map((letter) => ({ at: letter.created_at, received: undefined, letter })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  if (entries.length === 0) return null;
  return (
    <section className={styles.section}>
      <h3>{t('inbox.thread')}</h3>
      {entries.map(({ at, received, letter }) =>
        letter ? <Written key={`letter ${letter.id}`} letter={letter} /> : <Came key={`mail ${at}`} mail={received} />,
      )}
    </section>
  );
}

function Came({ mail }: { mail: Received | undefined }) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  if (!mail) return null;
  return (
    <div className={styles.entry}>
      <small className="dim">
        {mail.sender_name || mail.sender} · {dateTime(mail.received_at)}
      </small>
      <Link to="/inbox" search={{ state: 'all', mail: mail.id }}>
        {mail.subject || t('inbox.noSubject')}
      </Link>
      {mail.preview && <p className="dim">{mail.preview}</p>}
    </div>
  );
}

function Written({ letter }: { letter: SentLetter }) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  return (
    <details className={styles.entry} data-own>
      <summary>
        <small className="dim">
          {letter.person || t(`single.kind.${letter.kind}`)} → {letter.address} · {dateTime(letter.created_at)}
        </small>{' '}
        <DispatchState dispatch={letter} />
        <span>{letter.subject}</span>
      </summary>
      {letter.text && <pre className={styles.text}>{letter.text}</pre>}
    </details>
  );
}
