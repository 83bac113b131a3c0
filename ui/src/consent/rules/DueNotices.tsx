// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellRing, Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, EmptyState, Panel, Query, SimpleTable, Status, tell } from '@/shared/page';
import { dueQuery, type DueNotice } from '../api';

/** Who has to be told what, and by when: results within 14 days, confirmations every two years. */
export function DueNotices() {
  const { t } = useTranslation('consent');
  const { date } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const result = useQuery(dueQuery);
  const told = useMutation({
    mutationFn: (list: DueNotice[]) =>
      api.post('/api/consents/notices', {
        body: { notices: list.map(({ consent_id, kind, channel }) => ({ consent_id, kind, channel })) },
      }),
    onSuccess: () => {
      tell(t('rules.toldDone'));
      return queries.invalidateQueries({ queryKey: ['consents'] });
    },
  });
  const send = useMutation({
    mutationFn: () =>
      api.post<{ ordered: number; waiting: number; no_address: number }>('/api/consents/notices/send', { body: {} }),
    onSuccess: ({ ordered, waiting, no_address }) => {
      tell(t('rules.sendDone', { ordered, waiting, none: no_address }));
      return queries.invalidateQueries({ queryKey: ['consents'] });
    },
  });
  const askSend = async () => {
    if (await confirm({ title: t('rules.sendDue'), text: t('rules.sendAsk'), action: t('rules.sendDue') }))
      send.mutate();
  };
  return (
    <Query result={result}>
      {({ items }) => (
        <Panel
          flush
          title={t('rules.tab.due')}
          actions={
            items.length > 0 && (
              <>
                {can('consent:create') && (
                  <Button size="xs" variant="default" loading={told.isPending} onClick={() => told.mutate(items)}>
                    {t('rules.toldAll', { count: items.length })}
                  </Button>
                )}
                {can('consent:admin') && (
                  <Button
                    size="xs"
                    leftSection={<Send size={14} />}
                    loading={send.isPending}
                    onClick={() => void askSend()}
                  >
                    {t('rules.sendDue')}
                  </Button>
                )}
              </>
            )
          }
        >
          {items.length === 0 ? (
            <EmptyState icon={BellRing} title={t('rules.dueNone')} text={t('rules.dueNoneText')} />
          ) : (
            <SimpleTable
              stack
              label={t('rules.tab.due')}
              rows={items}
              rowKey={(due) => `${due.kind}:${due.consent_id}`}
              columns={[
                {
                  id: 'due',
                  header: t('rules.dueOn'),
                  cell: (due) => (
                    <>
                      <span className="num">{date(due.due_on)}</span>{' '}
                      {due.is_overdue && <Status tone="red">{t('rules.overdue')}</Status>}
                    </>
                  ),
                },
                { id: 'kind', header: t('why.kind'), cell: (due) => t(`rules.dueKind.${due.kind}`) },
                {
                  id: 'customer',
                  header: t('rules.customer'),
                  cell: (due) => (
                    <Link to="/customers/$id" params={{ id: String(due.customer_id) }}>
                      #{due.customer_id}
                    </Link>
                  ),
                },
                {
                  id: 'channel',
                  header: t('channelLabel'),
                  cell: (due) => translate(`consent:channel.${due.channel}`, due.channel),
                },
                {
                  id: 'told',
                  header: '',
                  align: 'end',
                  cell: (due) =>
                    can('consent:create') && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        disabled={told.isPending}
                        onClick={() => told.mutate([due])}
                      >
                        {t('rules.told')}
                      </Button>
                    ),
                },
              ]}
            />
          )}
        </Panel>
      )}
    </Query>
  );
}
