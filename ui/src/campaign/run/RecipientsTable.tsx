// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Masked, useFormat } from '@/shared/format';
import {
  EmptyState,
  ErrorState,
  ListFoot,
  Loading,
  Panel,
  SimpleTable,
  useList,
  type SimpleColumn,
} from '@/shared/page';
import { isActive, recipientStates, type Campaign, type Recipient } from '../api';
import { byCount, reasonLabel } from '../reasons';
import { RecipientStatus } from './RecipientStatus';
import styles from './Run.module.css';

/** What the list of recipients is narrowed to; kept in the address. */
export interface RecipientSearch {
  state?: string;
  arm?: string;
  reason?: string;
}

const states = [...recipientStates, 'control'] as const;

/** What came after hand-over, in honest words: a machine's look is no person's. */
function After({ row }: { row: Recipient }) {
  const { t } = useTranslation('campaign');
  const { dateTime } = useFormat();
  const signs = (
    [
      [row.machine_opened_at, 'ledger.machineOpened'],
      [row.opened_at, 'ledger.opened'],
      [row.read_at, 'ledger.read'],
      [row.clicked_at, 'ledger.clicked'],
      [row.unsubscribed_at, 'ledger.unsubscribed'],
    ] as const
  ).filter(([at]) => at);
  return (
    <span className={styles.person}>
      {signs.map(([at, label]) => (
        <small key={label} title={at ? dateTime(at) : undefined}>
          {t(label)}
        </small>
      ))}
    </span>
  );
}

/** Everybody of the campaign: the group, where the message stands, why, and what came after. */
export function RecipientsTable({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { dateTime } = useFormat();
  const navigate = useNavigate();
  const { state, arm, reason } = useSearch({ from: '/shell/campaigns/$id' });
  const narrow = (part: RecipientSearch) =>
    void navigate({ to: '.', search: (old) => ({ ...old, tab: 'recipients' as const, ...part }) });
  const list = useList<Recipient>({
    queryKey: ['campaigns', campaign.id, 'recipients', state, arm, reason],
    path: '/api/campaigns/{id}/recipients',
    options: { path: { id: campaign.id }, query: { state, arm, reason } },
    limit: 100,
    refetchInterval: isActive(campaign.state) ? 10_000 : false,
  });
  const columns: SimpleColumn<Recipient>[] = [
    {
      id: 'name',
      header: t('recipient.name'),
      cell: (row) => (
        <span className={styles.person}>
          <Link to="/customers/$id" params={{ id: String(row.customer_id) }}>
            {row.name || `#${row.customer_id}`}
          </Link>
          <small>
            <Masked value={row.address} eye={false} />
          </small>
        </span>
      ),
    },
    { id: 'arm', header: t('recipient.arm'), cell: (row) => t(`arm.${row.arm}`) },
    { id: 'state', header: t('recipient.state'), cell: (row) => <RecipientStatus state={row.state} /> },
    {
      id: 'reason',
      header: t('recipient.reason'),
      cell: (row) => {
        const reply = row.state === 'handed_over' || row.state === 'delivered' ? '' : row.reply;
        if (!row.reason && !reply) return null;
        return (
          <span className={styles.reason}>
            {row.reason ? reasonLabel(row.reason) : ''}
            {reply && <small>{reply}</small>}
          </span>
        );
      },
    },
    { id: 'at', header: t('recipient.at'), cell: (row) => (row.handed_over_at ? dateTime(row.handed_over_at) : '') },
    {
      id: 'after',
      header: t('recipient.after'),
      cell: (row) => <After row={row} />,
    },
  ];
  return (
    <Panel
      flush
      title={
        <div className={styles.filters}>
          <Select
            aria-label={t('recipient.state')}
            placeholder={t('recipient.anyState')}
            clearable
            w={150}
            data={states.map((value) => ({ value, label: t(`ledger.${value}`) }))}
            value={state ?? null}
            onChange={(value) => narrow({ state: value ?? undefined })}
          />
          <Select
            aria-label={t('recipient.arm')}
            placeholder={t('recipient.anyArm')}
            clearable
            w={140}
            data={(['treatment', 'control', 'none'] as const).map((value) => ({ value, label: t(`arm.${value}`) }))}
            value={arm ?? null}
            onChange={(value) => narrow({ arm: value ?? undefined })}
          />
          <Select
            aria-label={t('recipient.reason')}
            placeholder={t('recipient.anyReason')}
            clearable
            w={210}
            data={byCount(campaign.counts.skipped_for).map(({ reason: value }) => ({
              value,
              label: reasonLabel(value),
            }))}
            value={reason ?? null}
            onChange={(value) => narrow({ reason: value ?? undefined })}
          />
        </div>
      }
    >
      {list.isPending ? (
        <Loading />
      ) : list.fault && list.items.length === 0 ? (
        <ErrorState fault={list.fault} onRetry={list.retry} />
      ) : list.items.length === 0 ? (
        <EmptyState icon={UsersRound} title={t('recipient.none')} />
      ) : (
        <>
          <SimpleTable stack label={t('tab.recipients')} rows={list.items} columns={columns} rowKey={(row) => row.id} />
          <ListFoot list={list} />
        </>
      )}
    </Panel>
  );
}
