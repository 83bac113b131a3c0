// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ShieldBan } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable, tell } from '@/shared/page';
import { barsQuery, channels } from '../api';

/** Addresses that get nothing, and why; people can bar one or lift a bar. */
export function Bars() {
  const { t } = useTranslation('consent');
  const { dateTime } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const [address, setAddress] = useState('');
  const [channel, setChannel] = useState<string>('email');
  const result = useQuery(barsQuery(address.trim()));
  const refresh = () => {
    tell(t('rules.saved'));
    return queries.invalidateQueries({ queryKey: ['consents', 'bars'] });
  };
  const bar = useMutation({
    mutationFn: () =>
      api.post('/api/suppressions', { body: { channel, address: address.trim(), kind: 'do_not_contact' } }),
    onSuccess: refresh,
  });
  const lift = useMutation({
    mutationFn: (id: number) => api.delete('/api/suppressions/{id}', { path: { id } }),
    onSuccess: refresh,
  });
  return (
    <Panel flush title={t('rules.tab.bars')}>
      <Group gap={12} p={12} align="end">
        <Select
          label={t('channelLabel')}
          data={channels.map((value) => ({ value, label: t(`channel.${value}`) }))}
          value={channel}
          allowDeselect={false}
          onChange={(value) => setChannel(value ?? 'email')}
        />
        <TextInput
          label={t('rules.search')}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        {can('consent:suppress') && (
          <Button variant="default" disabled={!address.trim()} loading={bar.isPending} onClick={() => bar.mutate()}>
            {t('rules.bar')}
          </Button>
        )}
      </Group>
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={ShieldBan} title={t('rules.barsNone')} text={t('rules.barsNoneText')} />
          ) : (
            <SimpleTable
              stack
              label={t('rules.tab.bars')}
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                { id: 'address', header: t('rules.address'), cell: (row) => row.address },
                {
                  id: 'channel',
                  header: t('channelLabel'),
                  cell: (row) => translate(`consent:channel.${row.channel}`, row.channel),
                },
                {
                  id: 'kind',
                  header: t('rules.kindLabel'),
                  cell: (row) => translate(`consent:rules.kinds.${row.kind}`, row.kind),
                },
                { id: 'at', header: t('rules.at'), cell: (row) => <span className="num">{dateTime(row.at)}</span> },
                { id: 'note', header: t('rules.note'), cell: (row) => <span className="dim">{row.note}</span> },
                {
                  id: 'lift',
                  header: '',
                  align: 'end',
                  cell: (row) =>
                    !row.ended_at &&
                    can('consent:suppress') && (
                      <Button size="compact-sm" variant="default" onClick={() => lift.mutate(row.id)}>
                        {t('rules.lift')}
                      </Button>
                    ),
                },
              ]}
            />
          )
        }
      </Query>
    </Panel>
  );
}
