// SPDX-License-Identifier: Apache-2.0
import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { translate } from '@/app/i18n';
import { useCan, useUnmasked } from '@/app/session';
import { Masked, useFormat } from '@/shared/format';
import { Facts, Query, SidePeek, tell, type Fact } from '@/shared/page';
import type { Dispatch } from '../api';
import { Unmask } from '../Unmask';
import { dispatchQuery } from './api';
import { DispatchState, reasonOf } from './DispatchState';
import styles from './Single.module.css';

interface DispatchPeekProps {
  id: number;
  onClose: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** One single mail: where it stands, why, by which key and version, and what was said. */
export function DispatchPeek({ id, onClose, onPrevious, onNext }: DispatchPeekProps) {
  const { t } = useTranslation('mail');
  const result = useQuery(dispatchQuery(id));
  return (
    <SidePeek label={t('single.one')} onClose={onClose} onPrevious={onPrevious} onNext={onNext}>
      <Query result={result}>
        {(mail) => (
          <div className={styles.peek}>
            <h2>{mail.subject || mail.template || t('inbox.noSubject')}</h2>
            <Decision mail={mail} />
            <About mail={mail} />
            <Content mail={mail} />
          </div>
        )}
      </Query>
    </SidePeek>
  );
}

function About({ mail }: { mail: Dispatch }) {
  const { t } = useTranslation('mail');
  const { dateTime } = useFormat();
  const facts: Fact[] = [
    { label: t('single.stateLabel'), value: <DispatchState dispatch={mail} /> },
    { label: t('outbox.to'), value: <Masked value={mail.address} /> },
  ];
  const add = (label: string, value: Fact['value'] | undefined) => {
    if (value) facts.push({ label, value });
  };
  add(t('single.reasonLabel'), mail.reason && reasonOf(mail.reason));
  add(
    t('inbox.customer'),
    mail.customer_id && (
      <Link to="/customers/$id" params={{ id: String(mail.customer_id) }}>
        {mail.customer_name || `#${mail.customer_id}`}
      </Link>
    ),
  );
  add(t('single.kindLabel'), t(`single.kind.${mail.kind}`));
  add(t('single.event'), mail.kind === 'trigger' && translate(`mail:single.events.${mail.origin}`, mail.origin ?? ''));
  add(
    t('single.template'),
    mail.template_id && (
      <Link to="/templates/$id" params={{ id: String(mail.template_id) }}>
        {mail.template} · {t('version.short', { version: mail.template_version })}
      </Link>
    ),
  );
  add(t('single.key'), <code style={{ overflowWrap: 'anywhere' }}>{mail.key}</code>);
  add(t('single.basis'), mail.basis && translate(`mail:single.bases.${mail.basis}`, mail.basis));
  add(t('single.attempts'), mail.attempts > 0 && String(mail.attempts));
  add(t('single.reply'), mail.reply && <code>{[mail.code || '', mail.reply].filter(Boolean).join(' ')}</code>);
  add(t('single.at'), dateTime(mail.created_at));
  add(t('single.due'), mail.state === 'planned' && dateTime(mail.due_at));
  add(t('single.handedAt'), mail.handed_over_at && dateTime(mail.handed_over_at));
  add(t('single.readAt'), mail.read_at && dateTime(mail.read_at));
  return <Facts labelWidth={110} facts={facts} />;
}

function Content({ mail }: { mail: Dispatch & { text: string } }) {
  const isClear = useUnmasked();
  if (!mail.text && isClear) return null;
  if (!isClear) return mail.template_id ? null : <Unmask />;
  return <pre className={styles.text}>{mail.text}</pre>;
}

/** What a person may decide: send again what failed or is unknown, cancel what waits. */
function Decision({ mail }: { mail: Dispatch }) {
  const { t } = useTranslation('mail');
  const can = useCan();
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (again: boolean) =>
      api.post('/api/mail/dispatches/{id}/decide', { path: { id: mail.id }, body: { again } }),
    onSuccess: () => tell(t('single.decided')),
    onError: tellFault,
    onSettled: () => queries.invalidateQueries({ queryKey: ['dispatches'] }),
  });
  if (!can('mail:send')) return null;
  const again = ['unknown', 'failed', 'skipped'].includes(mail.state);
  const other = mail.state === 'planned' ? t('single.cancel') : mail.state === 'unknown' ? t('single.leave') : '';
  if (!again && !other) return null;
  return (
    <Group gap={8}>
      {again && (
        <Button size="xs" loading={decide.isPending} onClick={() => decide.mutate(true)}>
          {t('single.again')}
        </Button>
      )}
      {other && (
        <Button size="xs" variant="default" loading={decide.isPending} onClick={() => decide.mutate(false)}>
          {other}
        </Button>
      )}
      {mail.state === 'unknown' && <small className="dim">{t('single.unknownText')}</small>}
    </Group>
  );
}
