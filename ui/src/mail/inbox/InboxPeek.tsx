// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, Paperclip, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { Masked, useFormat } from '@/shared/format';
import { Facts, Query, SandboxFrame, SidePeek, tell, ViewTabs, type Fact } from '@/shared/page';
import type { ReceivedMessage } from '../api';
import { Unmask } from '../Unmask';
import { ReceivedKind } from './ReceivedKind';
import styles from './Inbox.module.css';

interface InboxPeekProps {
  id: number;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** Whom and what a mail is about. */
function About({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  const facts: Fact[] = [
    { label: t('inbox.sender'), value: <Masked value={[mail.sender_name, mail.sender].filter(Boolean).join(' · ')} /> },
    { label: t('inbox.at'), value: dateTime(mail.received_at) },
  ];
  if (mail.customer_id) {
    const params = { id: String(mail.customer_id) };
    facts.push({
      label: t('inbox.customer'),
      value: (
        <Link to="/customers/$id" params={params}>
          {mail.customer_name}
        </Link>
      ),
    });
  }
  if (mail.campaign_id) {
    const params = { id: String(mail.campaign_id) };
    facts.push({
      label: t('inbox.campaign'),
      value: (
        <Link to="/campaigns/$id" params={params}>
          {mail.campaign_name}
        </Link>
      ),
    });
  }
  return <Facts labelWidth={84} facts={facts} />;
}

function Content({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const { bytes } = useFormat();
  const [part, setPart] = useState<'html' | 'text'>(mail.text ? 'text' : 'html');
  return (
    <>
      {mail.html && mail.text && (
        <ViewTabs
          label={t('form.body')}
          value={part}
          onChange={(id) => setPart(id === 'html' ? 'html' : 'text')}
          tabs={(['text', 'html'] as const).map((id) => ({ id, label: t(`inbox.part.${id}`) }))}
        />
      )}
      {part === 'html' ? (
        <div className={styles.frame}>
          <SandboxFrame html={mail.html ?? ''} title={mail.subject} height={420} isOffline />
        </div>
      ) : (
        <pre className={styles.text}>{mail.text}</pre>
      )}
      {mail.statuses.length > 0 && (
        <section className={styles.section}>
          <h3>{t('inbox.statuses')}</h3>
          {mail.statuses.map((status) => (
            <p key={`${status.address} ${status.code}`}>
              <code>{[status.code, status.diagnostic].filter(Boolean).join(' ')}</code>
            </p>
          ))}
        </section>
      )}
      {mail.files.length > 0 && (
        <section className={styles.section}>
          <h3>{t('inbox.files')}</h3>
          {mail.files.map((file, place) => (
            <a
              key={`${place} ${file.name}`}
              href={`/api/mail/inbox/${mail.id}/attachments/${place}`}
              download={file.name}
            >
              <Paperclip size={14} aria-hidden /> {file.name} <span className="dim">{bytes(file.size)}</span>
            </a>
          ))}
        </section>
      )}
      {mail.notes.length > 0 && (
        <section className={styles.section}>
          <h3>{t('inbox.notes.title')}</h3>
          {mail.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </section>
      )}
    </>
  );
}

function Message({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const can = useCan();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const isOpen = mail.state === 'open';
  const settle = async () => {
    setBusy(true);
    try {
      await api.patch('/api/mail/inbox/{id}', {
        path: { id: mail.id },
        body: { state: isOpen ? 'done' : 'open', version: mail.version },
      });
      tell(t(isOpen ? 'inbox.settled' : 'inbox.reopened'));
    } catch (fault) {
      tellFault(fault);
    } finally {
      setBusy(false);
      await queries.invalidateQueries({ queryKey: ['inbox'] });
    }
  };
  return (
    <div className={styles.peek}>
      <h2>{mail.subject || t('inbox.noSubject')}</h2>
      <div className={styles.actions}>
        <ReceivedKind mail={mail} />
        {can('mail:answer') && (
          <Button
            size="xs"
            variant={isOpen ? 'filled' : 'default'}
            loading={isBusy}
            leftSection={isOpen ? <Check size={14} /> : <RotateCcw size={14} />}
            onClick={() => void settle()}
          >
            {t(isOpen ? 'inbox.markDone' : 'inbox.reopen')}
          </Button>
        )}
      </div>
      <About mail={mail} />
      {mail.is_masked ? <Unmask /> : <Content mail={mail} />}
      {mail.thread.length > 0 && (
        <section className={styles.section}>
          <h3>{t('inbox.thread')}</h3>
          {mail.thread.map((other) => (
            <Link key={other.id} to="/inbox" search={{ state: 'all', mail: other.id }}>
              {other.subject || t('inbox.noSubject')}
            </Link>
          ))}
        </section>
      )}
    </div>
  );
}

/** One received mail beside the list. */
export function InboxPeek({ id, onClose, onPrevious, onNext }: InboxPeekProps) {
  const { t } = useTranslation('mail');
  const result = useQuery({
    queryKey: ['inbox', 'mail', id],
    retry: false,
    queryFn: ({ signal }) => api.get<ReceivedMessage>('/api/mail/inbox/{id}', { path: { id }, signal }),
  });
  return (
    <SidePeek label={t('inbox.message')} onClose={onClose} onPrevious={onPrevious} onNext={onNext}>
      <Query result={result}>{(mail) => <Message key={`${mail.id} ${mail.is_masked}`} mail={mail} />}</Query>
    </SidePeek>
  );
}
