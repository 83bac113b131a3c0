// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ApiError } from '@/app/api';
import { Masked, useFormat } from '@/shared/format';
import { Facts, Query, SandboxFrame, SidePeek, ViewTabs } from '@/shared/page';
import type { OutboxContent } from '../api';
import { Unmask } from '../Unmask';
import styles from './Outbox.module.css';

interface OutboxPeekProps {
  id: string;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

type Part = 'html' | 'text' | 'headers';

function Message({ message }: { message: OutboxContent }) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  const [part, setPart] = useState<Part>(message.html ? 'html' : 'text');
  return (
    <div className={styles.peek}>
      <h2>{message.subject}</h2>
      <Facts
        labelWidth={72}
        facts={[
          { label: t('outbox.to'), value: <Masked value={message.to} /> },
          { label: t('outbox.from'), value: message.from },
          { label: t('outbox.at'), value: dateTime(message.at) },
        ]}
      />
      <ViewTabs
        label={t('form.body')}
        value={part}
        onChange={(id) => setPart(id as Part)}
        tabs={(['html', 'text', 'headers'] as const).map((id) => ({ id, label: t(`outbox.part.${id}`) }))}
      />
      {part === 'html' && (
        <div className={styles.frame}>
          <SandboxFrame html={message.html ?? ''} title={message.subject} height={560} />
        </div>
      )}
      {part === 'text' && <pre className={styles.headers}>{message.text}</pre>}
      {part === 'headers' && (
        <pre className={styles.headers}>
          {Object.entries(message.headers)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n')}
        </pre>
      )}
    </div>
  );
}

/** One kept message beside the list. */
export function OutboxPeek({ id, onClose, onPrevious, onNext }: OutboxPeekProps) {
  const { t } = useTranslation('mail');
  const result = useQuery({
    queryKey: ['outbox', id],
    retry: false,
    queryFn: ({ signal }) => api.get<OutboxContent>('/api/mail/outbox/{id}', { path: { id }, signal }),
  });
  return (
    <SidePeek label={t('outbox.message')} onClose={onClose} onPrevious={onPrevious} onNext={onNext}>
      {result.error instanceof ApiError && result.error.code === 'auth.masked' ? (
        <Unmask />
      ) : (
        <Query result={result}>{(message) => <Message key={message.id} message={message} />}</Query>
      )}
    </SidePeek>
  );
}
