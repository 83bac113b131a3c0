// SPDX-License-Identifier: Apache-2.0
import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Inbox, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Ago, Masked, useFormat } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, Page, SimpleTable, Status, useList } from '@/shared/page';
import type { SimpleColumn } from '@/shared/page';
import { transportQuery, type OutboxMessage } from '../api';
import { OutboxPeek } from './OutboxPeek';
import styles from './Outbox.module.css';

/** The messages that were kept here instead of being sent; for trying out and for checking what would go. */
export function OutboxPage() {
  const { t } = useTranslation('mail');
  const { message: opened } = useSearch({ from: '/shell/outbox' });
  const navigate = useNavigate();
  const { bytes } = useFormat();
  const transport = useQuery(transportQuery);
  const isLocal = transport.data?.is_local ?? true;
  const list = useList<OutboxMessage>({ queryKey: ['outbox'], path: '/api/mail/outbox', refetchInterval: 10_000 });
  const open = (id: string | undefined) => void navigate({ to: '/outbox', search: id ? { message: id } : {} });
  const at = list.items.findIndex((message) => message.id === opened);
  const columns: SimpleColumn<OutboxMessage>[] = [
    {
      id: 'subject',
      header: t('form.subject'),
      cell: (message) => (
        <span style={{ display: 'grid', minWidth: 220 }}>
          <span>{message.subject}</span>
          <small className="dim">
            <Masked value={message.to} eye={false} />
          </small>
        </span>
      ),
    },
    { id: 'size', header: t('outbox.size'), align: 'end', cell: (message) => bytes(message.size) },
    { id: 'at', header: t('outbox.at'), cell: (message) => <Ago at={message.at} /> },
  ];
  return (
    <Page
      title={t('outbox.title')}
      before={
        <ActionIcon aria-label={t('back')} renderRoot={(props) => <Link to="/templates" {...props} />}>
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      aside={isLocal && <Status tone="amber">{t('outbox.notSent')}</Status>}
      body="fill"
    >
      <div className={styles.split}>
        <div className={styles.list} data-peek={opened !== undefined || undefined}>
          <p className={styles.note} data-calm={!isLocal || undefined}>
            <ShieldCheck size={16} aria-hidden />
            {isLocal ? t('outbox.note') : t('outbox.server', { name: transport.data?.name ?? '' })}
          </p>
          {list.isPending ? (
            <Loading />
          ) : list.fault && list.items.length === 0 ? (
            <ErrorState fault={list.fault} onRetry={list.retry} />
          ) : list.items.length === 0 ? (
            <EmptyState icon={Inbox} title={t('outbox.empty')} text={t('outbox.emptyText')} />
          ) : (
            <>
              <SimpleTable
                stack
                label={t('outbox.title')}
                rows={list.items}
                columns={columns}
                rowKey={(message) => message.id}
                onOpen={(message) => open(message.id)}
              />
              <ListFoot list={list} />
            </>
          )}
        </div>
        {opened !== undefined && (
          <OutboxPeek
            id={opened}
            onClose={() => open(undefined)}
            onPrevious={at > 0 ? () => open(list.items[at - 1]?.id) : undefined}
            onNext={at >= 0 && at < list.items.length - 1 ? () => open(list.items[at + 1]?.id) : undefined}
          />
        )}
      </div>
    </Page>
  );
}
