// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { ImageDown, Paperclip } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { SandboxFrame, ViewTabs } from '@/shared/page';
import type { ReceivedMessage } from '../api';
import styles from './Inbox.module.css';

/** What a mail says. Pictures from outside are loaded only when asked for: they tell the sender that it was read. */
export function MailBody({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const [part, setPart] = useState<'html' | 'text'>(mail.html ? 'html' : 'text');
  const [isOnline, setOnline] = useState(false);
  const hasPictures = /<img[^>]+src="https?:/i.test(mail.html ?? '');
  return (
    <section className={styles.body}>
      <div className={styles.actions}>
        {mail.html && mail.text ? (
          <ViewTabs
            label={t('form.body')}
            value={part}
            onChange={(id) => setPart(id === 'html' ? 'html' : 'text')}
            tabs={(['html', 'text'] as const).map((id) => ({ id, label: t(`inbox.part.${id}`) }))}
          />
        ) : (
          <span />
        )}
        {part === 'html' && hasPictures && !isOnline && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<ImageDown size={14} />}
            title={t('inbox.picturesHint')}
            onClick={() => setOnline(true)}
          >
            {t('inbox.pictures')}
          </Button>
        )}
      </div>
      {part === 'html' ? (
        <div className={styles.frame}>
          <SandboxFrame html={mail.html ?? ''} title={mail.subject} height={440} isOffline={!isOnline} />
        </div>
      ) : (
        <pre className={styles.text}>{mail.text}</pre>
      )}
      <Attached mail={mail} />
    </section>
  );
}

function Attached({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const { bytes } = useFormat();
  return (
    <>
      {mail.files.length > 0 && (
        <section className={styles.section}>
          <h3>{t('inbox.files')}</h3>
          <div className={styles.files}>
            {mail.files.map((file, place) => (
              <a
                key={`${place} ${file.name}`}
                className={styles.file}
                href={`/api/mail/inbox/${mail.id}/attachments/${place}`}
                download={file.name}
              >
                <Paperclip size={14} aria-hidden /> <span>{file.name}</span>{' '}
                <span className="dim">{bytes(file.size)}</span>
              </a>
            ))}
          </div>
        </section>
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
