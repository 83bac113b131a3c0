// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Inbox, PlugZap } from 'lucide-react';
import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { Ago, Masked } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, Page, SimpleTable, useList, ViewTabs } from '@/shared/page';
import type { SimpleColumn } from '@/shared/page';
import { inboxOpenQuery, type Received } from '../api';
import { inboxKinds, inboxStates, type InboxSearch } from './inboxSearch';
import { InboxPeek } from './InboxPeek';
import { ReceivedKind } from './ReceivedKind';
import styles from './Inbox.module.css';

/** What came in: answers of people to deal with, and notices that the ledger has taken in. */
export function InboxPage() {
  const { t } = useTranslation('mail');
  const search = useSearch({ from: '/shell/inbox' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { state = 'open', kind = 'all', mail } = search;
  const go = (change: InboxSearch) => void navigate({ to: '/inbox', search: { ...search, ...change } });
  const list = useList<Received>({
    queryKey: ['inbox', 'list', state, kind],
    path: '/api/mail/inbox',
    options: { query: { state, kind } },
  });
  const waiting = useQuery(inboxOpenQuery);
  useLive('mail:received', () => void queries.invalidateQueries({ queryKey: ['inbox'] }));
  const at = list.items.findIndex((item) => item.id === mail);
  const columns: SimpleColumn<Received>[] = [
    { id: 'kind', header: '', cell: (item) => <ReceivedKind mail={item} /> },
    {
      id: 'subject',
      header: t('inbox.subject'),
      cell: (item) => (
        <span className={styles.subject}>
          <span>{item.subject || t('inbox.noSubject')}</span>
          {item.preview && <small className="dim">{item.preview}</small>}
        </span>
      ),
    },
    {
      id: 'sender',
      header: t('inbox.sender'),
      cell: (item) => <Masked value={item.sender_name || item.sender} eye={false} />,
    },
    {
      id: 'customer',
      header: t('inbox.customer'),
      cell: (item) =>
        item.customer_id ? (
          <Link
            to="/customers/$id"
            params={{ id: String(item.customer_id) }}
            onClick={(event) => event.stopPropagation()}
          >
            {item.customer_name}
          </Link>
        ) : (
          <span className="dim">{t('inbox.unknown')}</span>
        ),
    },
    { id: 'at', header: t('inbox.at'), align: 'end', cell: (item) => <Ago at={item.received_at} /> },
  ];
  return (
    <Page title={t('inbox.title')} body="fill">
      <div className={styles.bar}>
        <ViewTabs
          label={t('inbox.title')}
          value={kind}
          onChange={(id) => go({ kind: inboxKinds.find((k) => k === id), mail: undefined })}
          tabs={inboxKinds.map((id) => ({ id, label: t(`inbox.kinds.${id}`) }))}
        />
        <SegmentedControl
          size="xs"
          value={state}
          onChange={(id) => go({ state: inboxStates.find((s) => s === id), mail: undefined })}
          data={inboxStates.map((id) => ({ value: id, label: t(`inbox.${id}`) }))}
        />
      </div>
      <div className={styles.split}>
        <div className={styles.list} data-peek={mail !== undefined || undefined}>
          {list.isPending ? (
            <Loading />
          ) : list.fault && list.items.length === 0 ? (
            <ErrorState fault={list.fault} onRetry={list.retry} />
          ) : list.items.length > 0 ? (
            <>
              <SimpleTable
                stack
                label={t('inbox.title')}
                rows={list.items}
                columns={columns}
                rowKey={(item) => item.id}
                onOpen={(item) => go({ mail: item.id })}
              />
              <ListFoot list={list} />
            </>
          ) : waiting.data && !waiting.data.receives ? (
            <EmptyState icon={PlugZap} title={t('inbox.noDoor')} text={t('inbox.noDoorText')} />
          ) : state === 'open' ? (
            <EmptyState icon={Inbox} title={t('inbox.emptyOpen')} text={t('inbox.emptyOpenText')} />
          ) : (
            <EmptyState icon={Inbox} title={t('inbox.empty')} text={t('inbox.emptyText')} />
          )}
        </div>
        {mail !== undefined && (
          <InboxPeek
            id={mail}
            onClose={() => go({ mail: undefined })}
            onPrevious={at > 0 ? () => go({ mail: list.items[at - 1]?.id }) : undefined}
            onNext={at >= 0 && at < list.items.length - 1 ? () => go({ mail: list.items[at + 1]?.id }) : undefined}
          />
        )}
      </div>
    </Page>
  );
}
