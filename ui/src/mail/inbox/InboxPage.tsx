// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Inbox, MailOpen, PencilLine, PlugZap } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { EmptyState, ErrorState, ListFoot, Loading, Page, useList } from '@/shared/page';
import { inboxOpenQuery, type Received } from '../api';
import { InboxFilters } from './InboxFilters';
import type { InboxSearch } from './inboxSearch';
import { MailList } from './MailList';
import { Reader } from './Reader';
import { WriteDialog } from './WriteDialog';
import styles from './Inbox.module.css';

/** The shared inbox: what came in on the left, one mail to read, answer and settle on the right. */
export function InboxPage() {
  const { t } = useTranslation('mail');
  const can = useCan();
  const search = useSearch({ from: '/shell/inbox' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [isWriting, setWriting] = useState(false);
  const { state = 'open', kind = 'all', q, assignee, files, mail } = search;
  const go = (change: InboxSearch) => void navigate({ to: '/inbox', search: { ...search, ...change } });
  const list = useList<Received>({
    queryKey: ['inbox', 'list', state, kind, q, assignee, files],
    path: '/api/mail/inbox',
    options: { query: { state, kind, q, assignee, has_files: files } },
  });
  const waiting = useQuery(inboxOpenQuery);
  useLive('mail:received', () => void queries.invalidateQueries({ queryKey: ['inbox'] }));
  useLive('mail:dispatch', () => void queries.invalidateQueries({ queryKey: ['inbox', 'letters'] }));
  const at = list.items.findIndex((item) => item.id === mail);
  const step = (by: number) => {
    const next = list.items[at < 0 ? 0 : at + by];
    if (next) go({ mail: next.id });
  };
  useShortcuts(t('inbox.title'), [
    { keys: 'j', label: t('inbox.keys.next'), run: () => step(1) },
    { keys: 'k', label: t('inbox.keys.previous'), run: () => step(-1) },
    ...(can('mail:answer') ? [{ keys: 'c', label: t('inbox.write'), run: () => setWriting(true) }] : []),
  ]);
  const isNarrowed = Boolean(q || assignee || files || kind !== 'all');
  return (
    <Page
      title={t('inbox.title')}
      body="fill"
      actions={
        can('mail:answer') && (
          <Button size="xs" leftSection={<PencilLine size={14} />} onClick={() => setWriting(true)}>
            {t('inbox.write')}
          </Button>
        )
      }
    >
      <InboxFilters search={search} go={go} />
      <div className={styles.split} data-open={mail !== undefined || undefined}>
        <div className={styles.list}>
          {list.isPending ? (
            <Loading />
          ) : list.fault && list.items.length === 0 ? (
            <ErrorState fault={list.fault} onRetry={list.retry} />
          ) : list.items.length > 0 ? (
            <>
              <MailList items={list.items} open={mail} onOpen={(id) => go({ mail: id })} />
              <ListFoot list={list} />
            </>
          ) : isNarrowed ? (
            <EmptyState icon={Inbox} title={t('inbox.noneFound')} text={t('inbox.noneFoundText')}>
              <Button
                variant="default"
                size="xs"
                onClick={() => go({ q: undefined, assignee: undefined, files: undefined, kind: undefined })}
              >
                {t('inbox.clear')}
              </Button>
            </EmptyState>
          ) : waiting.data && !waiting.data.receives ? (
            <EmptyState icon={PlugZap} title={t('inbox.noDoor')} text={t('inbox.noDoorText')} />
          ) : state === 'open' ? (
            <EmptyState icon={Inbox} title={t('inbox.emptyOpen')} text={t('inbox.emptyOpenText')} />
          ) : (
            <EmptyState icon={Inbox} title={t('inbox.empty')} text={t('inbox.emptyText')} />
          )}
        </div>
        <div className={styles.reader}>
          {mail === undefined ? (
            <EmptyState icon={MailOpen} title={t('inbox.choose')} text={t('inbox.chooseText')} />
          ) : (
            <Reader
              id={mail}
              onClose={() => go({ mail: undefined })}
              onPrevious={at > 0 ? () => step(-1) : undefined}
              onNext={at >= 0 && at < list.items.length - 1 ? () => step(1) : undefined}
            />
          )}
        </div>
      </div>
      {isWriting && <WriteDialog onClose={() => setWriting(false)} />}
    </Page>
  );
}
