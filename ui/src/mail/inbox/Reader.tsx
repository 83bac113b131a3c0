// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { ActionIcon } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { Query } from '@/shared/page';
import type { ReceivedMessage } from '../api';
import { Unmask } from '../Unmask';
import { About } from './About';
import { Composer } from './Composer';
import { Conversation } from './Conversation';
import { MailBody } from './MailBody';
import { ReaderActions } from './ReaderActions';
import { Remarks } from './Remarks';
import styles from './Inbox.module.css';

interface ReaderProps {
  id: number;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

function Message({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const can = useCan();
  const [writing, setWriting] = useState<'answer' | 'forward'>();
  return (
    <article className={styles.message} aria-label={mail.subject || t('inbox.noSubject')}>
      <h2>{mail.subject || t('inbox.noSubject')}</h2>
      <ReaderActions mail={mail} onWrite={setWriting} />
      <About mail={mail} />
      {mail.is_masked ? (
        <Unmask />
      ) : (
        <>
          {writing && <Composer key={writing} mail={mail} kind={writing} onClose={() => setWriting(undefined)} />}
          <MailBody mail={mail} />
          {can('mail:answer') && <Conversation mail={mail} />}
          <Remarks mail={mail} />
        </>
      )}
    </article>
  );
}

/** One mail of the inbox with everything that can be done about it. */
export function Reader({ id, onClose, onPrevious, onNext }: ReaderProps) {
  const { t } = useTranslation(['mail', 'shared']);
  const result = useQuery({
    queryKey: ['inbox', 'mail', id],
    retry: false,
    queryFn: ({ signal }) => api.get<ReceivedMessage>('/api/mail/inbox/{id}', { path: { id }, signal }),
  });
  return (
    <>
      <div className={styles.turn}>
        <ActionIcon onClick={onPrevious} disabled={!onPrevious} aria-label={t('shared:peek.previous')}>
          <ChevronUp size={16} />
        </ActionIcon>
        <ActionIcon onClick={onNext} disabled={!onNext} aria-label={t('shared:peek.next')}>
          <ChevronDown size={16} />
        </ActionIcon>
        <ActionIcon ml="auto" onClick={onClose} aria-label={t('shared:close')}>
          <X size={16} />
        </ActionIcon>
      </div>
      <Query result={result}>{(mail) => <Message key={`${mail.id} ${mail.is_masked}`} mail={mail} />}</Query>
    </>
  );
}
