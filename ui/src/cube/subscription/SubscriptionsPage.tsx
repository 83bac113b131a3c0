// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Alert, Button, Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { BellRing, Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useFormat } from '@/shared/format';
import { confirm, EmptyState, Page, Query, SimpleTable, Status, tell } from '@/shared/page';
import { pivotsQuery } from '../api';
import { boardsQuery } from '../board/api';
import type { SavedDraft } from '../saved';
import {
  deleteSubscription,
  runSubscription,
  saveSubscription,
  subscriptionsQuery,
  type Subscription,
  type SubscriptionContent,
} from './api';
import { RunsDialog, RunText } from './RunsDialog';
import { newSubscription, SubscribeDialog } from './SubscribeDialog';

/** One's subscriptions and alerts: what comes when, what became of it, what is unusual now. */
export function SubscriptionsPage() {
  const { t, i18n } = useTranslation('cube');
  const { dateTime } = useFormat();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const list = useQuery({ ...subscriptionsQuery, refetchInterval: 60_000 });
  const pivots = useQuery(pivotsQuery);
  const boards = useQuery(boardsQuery);
  const [draft, setDraft] = useState<SavedDraft<SubscriptionContent>>();
  const [history, setHistory] = useState<Subscription>();
  const refresh = () => cache.invalidateQueries({ queryKey: subscriptionsQuery.queryKey });
  const run = useMutation({
    mutationFn: runSubscription,
    onSuccess: async (result) => {
      tell(t('subscription.ran', { outcome: t(`subscription.outcomes.${result.outcome}`) }));
      await refresh();
    },
  });
  const pause = useMutation({
    mutationFn: (s: Subscription) => saveSubscription({ ...s, content: { ...s.content, paused: !s.content.paused } }),
    onSuccess: refresh,
  });
  const remove = async (s: Subscription) => {
    const title = t('subscription.delete', { name: s.name });
    if (!(await confirm({ title, action: t('deleteDo'), danger: true }))) return;
    await deleteSubscription(s.id).catch(tellFault);
    await refresh();
  };
  const open = (c: SubscriptionContent) =>
    void (c.pivot_id
      ? navigate({ to: '/pivot', search: { saved: c.pivot_id } })
      : navigate({ to: '/boards', search: { board: c.board_id } }));
  const nameOf = (c: SubscriptionContent) =>
    (c.pivot_id
      ? pivots.data?.items.find((p) => p.id === c.pivot_id)?.name
      : boards.data?.items.find((b) => b.id === c.board_id)?.name) ?? t('subscription.gone');
  const weekday = (n: number) =>
    new Intl.DateTimeFormat(i18n.language, { weekday: 'long' }).format(new Date(2026, 0, 4 + n));
  const when = (c: SubscriptionContent) =>
    c.kind === 'alert'
      ? `${t(`subscription.judged.${c.every}`)} · ${t(`subscription.conditions.${c.is ?? 'unusual'}`)}`
      : [
          t(`subscription.everies.${c.every}`),
          c.every === 'week' && weekday(c.weekday ?? 0),
          c.every === 'month' && t('subscription.dayOf', { n: c.day }),
          t('subscription.hourOf', { n: c.hour ?? 0 }),
        ]
          .filter(Boolean)
          .join(' ');
  const firing = list.data?.items.filter((s) => s.firing).length ?? 0;
  return (
    <Page
      title={t('subscription.title')}
      actions={
        <Button leftSection={<Plus size={14} />} onClick={() => setDraft(newSubscription())}>
          {t('subscription.new')}
        </Button>
      }
    >
      {firing > 0 && (
        <Alert color="red" icon={<BellRing size={16} />} mb={12}>
          {t('subscription.firingBanner', { count: firing })}
        </Alert>
      )}
      <Query result={list}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState icon={BellRing} title={t('subscription.empty')} text={t('subscription.emptyText')}>
              <Button onClick={() => setDraft(newSubscription())}>{t('subscription.new')}</Button>
            </EmptyState>
          ) : (
            <SimpleTable
              label={t('subscription.title')}
              rows={data.items}
              rowKey={(s) => s.id}
              stack
              columns={[
                {
                  id: 'name',
                  header: t('subscription.name'),
                  cell: (s) => (
                    <>
                      {s.name} {s.firing && <Status tone="red">{t('subscription.firing')}</Status>}
                      {s.content.paused && <Status tone="grey">{t('subscription.paused')}</Status>}
                    </>
                  ),
                },
                {
                  id: 'kind',
                  header: t('subscription.kind'),
                  cell: (s) =>
                    `${t(`subscription.kinds.${s.content.kind}`)}${s.content.format ? ` · ${s.content.format.toUpperCase()}` : ''}`,
                },
                { id: 'of', header: t('subscription.of'), cell: (s) => nameOf(s.content) },
                { id: 'when', header: t('subscription.schedule'), cell: (s) => when(s.content) },
                { id: 'next', header: t('subscription.next'), cell: (s) => (s.next_at ? dateTime(s.next_at) : '–') },
                {
                  id: 'last',
                  header: t('subscription.last'),
                  cell: (s) => (s.last ? <RunText run={s.last} /> : t('subscription.never')),
                },
                {
                  id: 'menu',
                  header: '',
                  width: 40,
                  cell: (s) => (
                    <Menu position="bottom-end">
                      <Menu.Target>
                        <ActionIcon size={24} aria-label={t('subscription.more', { name: s.name })}>
                          <Ellipsis size={14} />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item onClick={() => run.mutate(s.id)}>{t('subscription.runNow')}</Menu.Item>
                        <Menu.Item onClick={() => setHistory(s)}>{t('subscription.runs')}</Menu.Item>
                        <Menu.Item onClick={() => open(s.content)}>{t('subscription.open')}</Menu.Item>
                        <Menu.Item onClick={() => setDraft(s)}>{t('subscription.edit')}</Menu.Item>
                        <Menu.Item onClick={() => pause.mutate(s)}>
                          {t(s.content.paused ? 'subscription.resume' : 'subscription.pause')}
                        </Menu.Item>
                        <Menu.Item color="red" onClick={() => void remove(s)}>
                          {t('deleteDo')}
                        </Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  ),
                },
              ]}
            />
          )
        }
      </Query>
      {draft && (
        <SubscribeDialog
          draft={{ id: draft.id, name: draft.name, version: draft.version, content: draft.content }}
          onClose={() => setDraft(undefined)}
        />
      )}
      {history && <RunsDialog subscription={history} onClose={() => setHistory(undefined)} />}
    </Page>
  );
}
