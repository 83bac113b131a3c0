// SPDX-License-Identifier: Apache-2.0
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { useFormat } from '@/shared/format';
import type { ReceivedMessage } from '../api';
import styles from './Inbox.module.css';

/** What colleagues wrote to each other about a mail; the sender never sees it. */
export function Remarks({ mail }: { mail: ReceivedMessage }) {
  const { t } = useTranslation('mail');
  const can = useCan();
  const { dateTime } = useFormat();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const mayWrite = can('mail:answer');
  useShortcuts(
    t('inbox.message'),
    mayWrite ? [{ keys: 'n', label: t('inbox.addRemark'), run: () => field.current?.focus() }] : [],
  );
  const add = useMutation({
    mutationFn: () => api.post('/api/mail/inbox/{id}/notes', { path: { id: mail.id }, body: { text } }),
    onSuccess: () => {
      setText('');
      return queries.invalidateQueries({ queryKey: ['inbox'] });
    },
  });
  return (
    <section className={styles.section}>
      <h3>{t('inbox.remarks')}</h3>
      {mail.remarks.map((note) => (
        <div key={note.id} className={styles.remark}>
          <small className="dim">
            {note.person} · {dateTime(note.created_at)}
          </small>
          <p>{note.text}</p>
        </div>
      ))}
      {mayWrite && (
        <form
          className={styles.remarkForm}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Textarea
            ref={field}
            aria-label={t('inbox.addRemark')}
            placeholder={t('inbox.remarkHint')}
            autosize
            minRows={1}
            maxRows={6}
            maxLength={5000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button size="xs" type="submit" variant="default" disabled={!text.trim()} loading={add.isPending}>
            {t('inbox.addRemark')}
          </Button>
        </form>
      )}
    </section>
  );
}
