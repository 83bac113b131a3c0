// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable, Status, tell } from '@/shared/page';
import { relaysQuery, type Relay } from './api';
import { RelayDialog } from './RelayDialog';

/** The relays with how they do now. */
export function RelayPanel() {
  const { t } = useTranslation('mail');
  const { number } = useFormat();
  const result = useQuery(relaysQuery);
  const [open, setOpen] = useState<Relay | 'new'>();
  const attempt = useMutation({
    mutationFn: (relay: Relay) => api.post('/api/mail/relays/{id}/try', { path: { id: relay.id } }),
    onSuccess: (_, relay) => tell(t('sending.reached', { name: relay.name })),
  });
  const add = (
    <Button variant="default" leftSection={<Plus size={14} />} onClick={() => setOpen('new')}>
      {t('sending.addRelay')}
    </Button>
  );
  return (
    <Panel flush title={t('sending.relays')} actions={add}>
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Server} title={t('sending.noRelays')} text={t('sending.noRelaysText')} />
          ) : (
            <SimpleTable
              stack
              label={t('sending.relays')}
              rows={items}
              rowKey={(relay) => relay.id}
              onOpen={setOpen}
              columns={[
                {
                  id: 'name',
                  header: t('sending.name'),
                  cell: (r) => <strong style={{ fontWeight: 550 }}>{r.name}</strong>,
                },
                {
                  id: 'address',
                  header: t('sending.address'),
                  cell: (r) =>
                    r.kind === 'direct' ? t('sending.directAs', { name: r.address }) : <code>{r.address}</code>,
                },
                {
                  id: 'weight',
                  header: t('sending.weight'),
                  align: 'end',
                  cell: (r) => <span className="num">{r.weight}</span>,
                },
                {
                  id: 'today',
                  header: t('sending.today'),
                  align: 'end',
                  cell: ({ health }) => (
                    <span className="num">
                      {number(health?.sent_today ?? 0)}
                      {health?.quota ? ` / ${number(health.quota)}` : ''}
                    </span>
                  ),
                },
                { id: 'state', header: t('sending.state'), cell: (r) => <RelayState relay={r} /> },
                {
                  id: 'try',
                  header: '',
                  align: 'end',
                  cell: (r) => (
                    <Button
                      size="compact-sm"
                      variant="default"
                      loading={attempt.isPending && attempt.variables?.id === r.id}
                      onClick={(event) => {
                        event.stopPropagation();
                        attempt.mutate(r);
                      }}
                    >
                      {t('sending.try')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Query>
      {open && <RelayDialog relay={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}

function RelayState({ relay }: { relay: Relay }) {
  const { t } = useTranslation('mail');
  if (relay.password_lost) return <Status tone="red">{t('sending.lost')}</Status>;
  if (!relay.is_active) return <Status tone="grey">{t('sending.off')}</Status>;
  if (relay.health?.problem)
    return (
      <span title={relay.health.problem}>
        <Status tone="red">{t('sending.broken')}</Status> <span className="dim">{relay.health.problem}</span>
      </span>
    );
  return <Status tone="teal">{t('sending.ready')}</Status>;
}
