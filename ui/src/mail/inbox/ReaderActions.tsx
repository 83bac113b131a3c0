// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Archive, Check, Forward, Printer, Reply, RotateCcw, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan, useSession } from '@/app/session';
import { useShortcuts, type Shortcut } from '@/app/shortcuts';
import { tell } from '@/shared/page';
import { staffQuery, type Received, type ReceivedMessage } from '../api';
import { printMail } from './printMail';
import { ReceivedKind } from './ReceivedKind';
import styles from './Inbox.module.css';

interface ReaderActionsProps {
  mail: ReceivedMessage;
  onWrite: (kind: 'answer' | 'forward') => void;
}

/** Changes a mail, with a word when somebody else was faster. */
function useChange(mail: ReceivedMessage) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const change = async (body: { state?: Received['state']; assignee_id?: number }, done: string) => {
    setBusy(true);
    try {
      await api.patch('/api/mail/inbox/{id}', { path: { id: mail.id }, body: { ...body, version: mail.version } });
      tell(t(done as 'inbox.settled'));
    } catch (fault) {
      tellFault(fault);
    } finally {
      setBusy(false);
      await queries.invalidateQueries({ queryKey: ['inbox'] });
    }
  };
  return { isBusy, change };
}

/** What can be done about a mail: answer, forward, settle, archive, give to somebody, print. */
export function ReaderActions({ mail, onWrite }: ReaderActionsProps) {
  const { t } = useTranslation('mail');
  const can = useCan();
  const me = useSession().person;
  const { isBusy, change } = useChange(mail);
  const isOpen = mail.state === 'open';
  const mayAnswer = can('mail:answer');
  const canWrite = mayAnswer && !mail.is_masked;
  const settle = () => void change({ state: isOpen ? 'done' : 'open' }, isOpen ? 'inbox.settled' : 'inbox.reopened');
  const archive = () => void change({ state: 'archived' }, 'inbox.archivedDone');
  const print = () => void printMail(mail, t).catch(tellFault);
  const keys: Shortcut[] = [];
  if (canWrite) {
    keys.push({ keys: 'r', label: t('inbox.answer'), run: () => onWrite('answer') });
    keys.push({ keys: 'f', label: t('inbox.forward'), run: () => onWrite('forward') });
  }
  if (mayAnswer) {
    keys.push({ keys: 'e', label: t(isOpen ? 'inbox.markDone' : 'inbox.reopen'), run: settle });
    if (mail.state !== 'archived') keys.push({ keys: 'y', label: t('inbox.archive'), run: archive });
    keys.push({
      keys: 'a',
      label: t('inbox.takeOver'),
      run: () => void change({ assignee_id: me.id }, 'inbox.assigned'),
    });
  }
  if (!mail.is_masked) keys.push({ keys: 'p', label: t('inbox.print'), run: print });
  useShortcuts(t('inbox.message'), keys);
  return (
    <div className={styles.tools}>
      {mail.kind !== 'reply' && <ReceivedKind mail={mail} />}
      {canWrite && (
        <>
          <Button size="xs" leftSection={<Reply size={14} />} onClick={() => onWrite('answer')}>
            {t('inbox.answer')}
          </Button>
          <Button size="xs" variant="default" leftSection={<Forward size={14} />} onClick={() => onWrite('forward')}>
            {t('inbox.forward')}
          </Button>
        </>
      )}
      {mayAnswer && (
        <>
          <Button
            size="xs"
            variant="default"
            loading={isBusy}
            leftSection={isOpen ? <Check size={14} /> : <RotateCcw size={14} />}
            onClick={settle}
          >
            {t(isOpen ? 'inbox.markDone' : 'inbox.reopen')}
          </Button>
          {mail.state !== 'archived' && (
            <Button size="xs" variant="default" leftSection={<Archive size={14} />} onClick={archive}>
              {t('inbox.archive')}
            </Button>
          )}
          <AssignMenu mail={mail} onAssign={(id) => void change({ assignee_id: id }, 'inbox.assigned')} />
        </>
      )}
      {!mail.is_masked && (
        <Button size="xs" variant="default" leftSection={<Printer size={14} />} onClick={print}>
          {t('inbox.print')}
        </Button>
      )}
    </div>
  );
}

function AssignMenu({ mail, onAssign }: { mail: ReceivedMessage; onAssign: (id: number) => void }) {
  const { t } = useTranslation('mail');
  const people = useQuery(staffQuery).data?.items ?? [];
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<UserRound size={14} />}>
          {mail.assignee || t('inbox.assign')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
        <Menu.Item onClick={() => onAssign(0)} disabled={!mail.assignee_id}>
          {t('inbox.nobody')}
        </Menu.Item>
        {people.map((person) => (
          <Menu.Item key={person.id} onClick={() => onAssign(person.id)} disabled={person.id === mail.assignee_id}>
            {person.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
