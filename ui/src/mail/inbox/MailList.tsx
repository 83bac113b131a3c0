// SPDX-License-Identifier: Apache-2.0
import { CornerUpLeft, Paperclip, StickyNote } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Ago, Masked } from '@/shared/format';
import type { Received } from '../api';
import { ReceivedKind } from './ReceivedKind';
import styles from './Inbox.module.css';

interface MailListProps {
  items: Received[];
  open: number | undefined;
  onOpen: (id: number) => void;
}

/** The mails of the inbox, one under the other; the open one is kept in sight. */
export function MailList({ items, open, onOpen }: MailListProps) {
  const { t } = useTranslation('mail');
  return (
    <ul className={styles.mails} aria-label={t('inbox.title')}>
      {items.map((item) => (
        <MailItem key={item.id} item={item} isOpen={item.id === open} onOpen={() => onOpen(item.id)} />
      ))}
    </ul>
  );
}

function MailItem({ item, isOpen, onOpen }: { item: Received; isOpen: boolean; onOpen: () => void }) {
  const { t } = useTranslation('mail');
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isOpen) button.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  return (
    <li>
      <button
        ref={button}
        type="button"
        className={styles.mail}
        aria-current={isOpen || undefined}
        data-state={item.state}
        onClick={onOpen}
      >
        <span className={styles.line}>
          <strong>
            <Masked value={item.customer_name || item.sender_name || item.sender} eye={false} />
          </strong>
          <small className="dim">
            <Ago at={item.received_at} />
          </small>
        </span>
        <span className={styles.title}>{item.subject || t('inbox.noSubject')}</span>
        {item.preview && <span className={styles.preview}>{item.preview}</span>}
        <span className={styles.marks}>
          {item.kind !== 'reply' && <ReceivedKind mail={item} />}
          {item.assignee && <span className={styles.assignee}>{item.assignee}</span>}
          {item.answered_at && (
            <span title={t('inbox.answered')}>
              <CornerUpLeft size={13} aria-label={t('inbox.answered')} />
            </span>
          )}
          {item.attachments > 0 && (
            <span title={t('inbox.attachments', { count: item.attachments })}>
              <Paperclip size={13} aria-label={t('inbox.attachments', { count: item.attachments })} />
            </span>
          )}
          {item.note_count > 0 && (
            <span title={t('inbox.remarks')}>
              <StickyNote size={13} aria-label={t('inbox.remarks')} /> {item.note_count}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
