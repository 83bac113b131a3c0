// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useFormat } from '@/shared/format';
import { tell } from '@/shared/page';
import type { ReceivedMessage } from '../api';
import { LetterFields } from './LetterFields';
import { quoted, subjectOf } from './quote';
import { useLetter } from './useLetter';
import styles from './Inbox.module.css';

interface ComposerProps {
  mail: ReceivedMessage;
  kind: 'answer' | 'forward';
  onClose: () => void;
}

/** Writes an answer to a mail, or passes it on. */
export function Composer({ mail, kind, onClose }: ComposerProps) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  const queries = useQueryClient();
  const isAnswer = kind === 'answer';
  const who = [mail.sender_name, `<${mail.sender}>`].filter(Boolean).join(' ');
  const head = t(isAnswer ? 'inbox.quoteHead' : 'inbox.forwardHead', {
    who,
    at: dateTime(mail.received_at),
    subject: mail.subject,
    interpolation: { escapeValue: false },
  });
  const letter = useLetter(
    { subject: subjectOf(mail.subject, kind), text: quoted(mail.text, head, isAnswer) },
    mail.customer_id,
  );
  const [to, setTo] = useState('');
  const [isDone, setDone] = useState(true);
  const [withFiles, setWithFiles] = useState(true);
  const send = useMutation({
    mutationFn: () =>
      api.post(`/api/mail/inbox/{id}/${kind}` as '/api/mail/inbox/{id}/answer', {
        path: { id: mail.id },
        body: isAnswer
          ? { ...letter.body, is_done: isDone }
          : ({ ...letter.body, to: to.trim(), with_files: withFiles } as never),
      }),
    onSuccess: () => {
      tell(t('inbox.sending'));
      onClose();
      return queries.invalidateQueries({ queryKey: ['inbox'] });
    },
    onError: tellFault,
  });
  const isReady = letter.text.trim() !== '' && letter.subject.trim() !== '' && (isAnswer || to.includes('@'));
  const submit = () => {
    if (isReady && !send.isPending && !letter.uploading) send.mutate();
  };
  return (
    <form
      className={styles.composer}
      aria-label={t(isAnswer ? 'inbox.answer' : 'inbox.forward')}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {isAnswer ? (
        <p className="dim">
          {t('inbox.to')}: {mail.sender}
        </p>
      ) : (
        <TextInput
          label={t('inbox.to')}
          description={t('inbox.forwardHint')}
          type="email"
          required
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      )}
      <LetterFields letter={letter} onSend={submit} />
      <Group justify="space-between" gap={8}>
        {isAnswer ? (
          <Checkbox
            label={t('inbox.doneAfter')}
            checked={isDone}
            onChange={(event) => setDone(event.currentTarget.checked)}
          />
        ) : mail.files.length > 0 ? (
          <Checkbox
            label={t('inbox.alongFiles', { count: mail.files.length })}
            checked={withFiles}
            onChange={(event) => setWithFiles(event.currentTarget.checked)}
          />
        ) : (
          <span />
        )}
        <Group gap={8}>
          <Button variant="default" size="xs" onClick={onClose}>
            {t('inbox.cancel')}
          </Button>
          <Button type="submit" size="xs" loading={send.isPending} disabled={!isReady || letter.uploading}>
            {t('inbox.send')}
          </Button>
        </Group>
      </Group>
    </form>
  );
}
