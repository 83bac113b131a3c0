// SPDX-License-Identifier: Apache-2.0
import { Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { MailCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { Ago, Masked } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, SimpleTable, useList, type SimpleColumn } from '@/shared/page';
import type { Dispatch } from '../api';
import { dispatchKinds, dispatchStates, type SingleSearch } from './api';
import { DispatchPeek } from './DispatchPeek';
import { DispatchState, reasonOf } from './DispatchState';
import styles from './Single.module.css';

interface DispatchesProps {
  search: SingleSearch;
  go: (change: SingleSearch) => void;
}

/** The ledger of single mails. */
export function Dispatches({ search, go }: DispatchesProps) {
  const { t } = useTranslation('mail');
  const queries = useQueryClient();
  const { state, kind, key, address, mail } = search;
  const list = useList<Dispatch>({
    queryKey: ['dispatches', 'list', state, kind, key, address],
    path: '/api/mail/dispatches',
    options: { query: { state, kind, key, address } },
  });
  useLive('mail:dispatch', () => void queries.invalidateQueries({ queryKey: ['dispatches'] }));
  const at = list.items.findIndex((item) => item.id === mail);
  const columns: SimpleColumn<Dispatch>[] = [
    {
      id: 'subject',
      header: t('form.subject'),
      cell: (item) => (
        <span className={styles.subject}>
          <span>{item.subject || item.template || t('inbox.noSubject')}</span>
          <small className="dim">
            <Masked value={[item.customer_name, item.address].filter(Boolean).join(' · ')} eye={false} />
          </small>
        </span>
      ),
    },
    { id: 'kind', header: t('single.kindLabel'), cell: (item) => t(`single.kind.${item.kind}`) },
    {
      id: 'template',
      header: t('single.template'),
      cell: (item) =>
        item.template ? `${item.template} · ${t('version.short', { version: item.template_version })}` : '',
    },
    {
      id: 'state',
      header: t('single.stateLabel'),
      cell: (item) => (
        <span className={styles.state}>
          <DispatchState dispatch={item} />
          {item.reason && <small className="dim">{reasonOf(item.reason)}</small>}
        </span>
      ),
    },
    { id: 'at', header: t('single.at'), align: 'end', cell: (item) => <Ago at={item.created_at} /> },
  ];
  return (
    <>
      <Filters search={search} go={go} />
      <div className={styles.split} data-peek={mail !== undefined || undefined}>
        {list.isPending ? (
          <Loading />
        ) : list.fault && list.items.length === 0 ? (
          <ErrorState fault={list.fault} onRetry={list.retry} />
        ) : list.items.length === 0 ? (
          <EmptyState icon={MailCheck} title={t('single.empty')} text={t('single.emptyText')} />
        ) : (
          <>
            <SimpleTable
              stack
              label={t('single.title')}
              rows={list.items}
              columns={columns}
              rowKey={(item) => item.id}
              onOpen={(item) => go({ mail: item.id })}
            />
            <ListFoot list={list} />
          </>
        )}
      </div>
      {mail !== undefined && (
        <DispatchPeek
          id={mail}
          onClose={() => go({ mail: undefined })}
          onPrevious={at > 0 ? () => go({ mail: list.items[at - 1]?.id }) : undefined}
          onNext={at >= 0 && at < list.items.length - 1 ? () => go({ mail: list.items[at + 1]?.id }) : undefined}
        />
      )}
    </>
  );
}

function Filters({ search, go }: DispatchesProps) {
  const { t } = useTranslation('mail');
  const [text, setText] = useState(search.key ?? search.address ?? '');
  return (
    <form
      className={styles.filters}
      onSubmit={(event) => {
        event.preventDefault();
        const value = text.trim();
        const isAddress = value.includes('@');
        go({ key: value && !isAddress ? value : undefined, address: isAddress ? value : undefined, mail: undefined });
      }}
    >
      <Select
        size="xs"
        w={160}
        clearable
        aria-label={t('single.stateLabel')}
        placeholder={t('single.anyState')}
        value={search.state ?? null}
        data={dispatchStates.map((value) => ({ value, label: t(`single.state.${value}`) }))}
        onChange={(value) => go({ state: dispatchStates.find((one) => one === value), mail: undefined })}
      />
      <Select
        size="xs"
        w={160}
        clearable
        aria-label={t('single.kindLabel')}
        placeholder={t('single.anyKind')}
        value={search.kind ?? null}
        data={dispatchKinds.map((value) => ({ value, label: t(`single.kind.${value}`) }))}
        onChange={(value) => go({ kind: dispatchKinds.find((one) => one === value), mail: undefined })}
      />
      <TextInput
        size="xs"
        className={styles.find}
        aria-label={t('single.find')}
        placeholder={t('single.find')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  );
}
