// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Download, KeyRound, Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, download } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { askPurpose, EmptyState, Page, Panel, Query, SimpleTable, Status } from '@/shared/page';
import type { Schema } from '@/app/apiTypes';
import { MaskToggle } from '../list/MaskToggle';
import { Conflicts } from './Conflicts';

type Hit = Schema<'CrosswalkHit'>;

const schemesQuery = {
  queryKey: ['key-schemes'],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.get('/api/key-schemes', { signal }),
  staleTime: 60_000,
};

/** Which customer is behind a key of any system, the crosswalk as a file, and keys that contradict each other. */
export function KeysPage() {
  const { t } = useTranslation('customer');
  const { key = '', scheme = '' } = useSearch({ from: '/shell/keys' });
  const navigate = useNavigate({ from: '/keys' });
  const schemes = useQuery(schemesQuery);
  const [text, setText] = useState(key);
  const declared = schemes.data?.items.filter((one) => one.kind === 'declared') ?? [];
  const ask = (next: { key?: string; scheme?: string }) =>
    void navigate({
      search: { ...(next.key ? { key: next.key } : {}), ...(next.scheme ? { scheme: next.scheme } : {}) },
    });
  return (
    <Page
      title={t('key.title')}
      actions={
        <>
          <MaskToggle />
          <Crosswalk />
        </>
      }
      bar={
        <form
          style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}
          onSubmit={(event) => {
            event.preventDefault();
            ask({ key: text.trim(), scheme });
          }}
        >
          <TextInput
            aria-label={t('key.ask')}
            placeholder={t('key.ask')}
            leftSection={<Search size={15} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={240}
            maxLength={200}
            autoFocus
          />
          <Select
            aria-label={t('key.scheme')}
            placeholder={t('key.anyScheme')}
            data={[
              ...declared.map((one) => ({ value: one.name, label: one.label })),
              { value: 'dangol', label: t('key.own') },
            ]}
            value={scheme || null}
            onChange={(next) => ask({ key: text.trim(), scheme: next ?? '' })}
            clearable
            w={180}
          />
          <Button type="submit" disabled={text.trim() === ''}>
            {t('key.find')}
          </Button>
        </form>
      }
    >
      <div style={{ display: 'grid', gap: 14 }}>
        {key !== '' && <Hits ask={{ key, scheme }} />}
        <Conflicts />
      </div>
    </Page>
  );
}

function Hits({ ask }: { ask: { key: string; scheme: string } }) {
  const { t } = useTranslation('customer');
  const { dateTime } = useFormat();
  const result = useQuery({
    queryKey: ['customers', 'keys', ask],
    queryFn: ({ signal }) => api.get('/api/keys/find', { query: ask, signal }),
  });
  return (
    <Panel title={t('key.behind', { key: ask.key })} aside={result.data?.items.length} flush>
      <Query result={result} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={KeyRound} title={t('key.nobody', { key: ask.key })} text={t('key.nobodyText')} />
          ) : (
            <SimpleTable<Hit>
              label={t('key.title')}
              rows={items}
              rowKey={(hit) => `${hit.scheme}:${hit.value}:${hit.record_id}`}
              stack
              columns={[
                {
                  id: 'customer',
                  header: t('key.customer'),
                  cell: (hit) => (
                    <Link to="/customers/$id" params={{ id: String(hit.customer.id) }}>
                      {hit.customer.full_name || t('unnamed')} <span className="dim num">#{hit.customer.id}</span>
                    </Link>
                  ),
                },
                { id: 'scheme', header: t('key.scheme'), cell: (hit) => hit.label || t('key.own') },
                { id: 'value', header: t('key.value'), cell: (hit) => <span className="num">{hit.value}</span> },
                {
                  id: 'source',
                  header: t('key.source'),
                  cell: (hit) =>
                    hit.source ? `${hit.source} · ${hit.received_at ? dateTime(hit.received_at) : ''}` : '–',
                },
                {
                  id: 'merged',
                  header: t('key.merged'),
                  cell: (hit) => (hit.merged_from ? <Status tone="cyan">#{hit.merged_from}</Status> : '–'),
                },
                {
                  id: 'keys',
                  header: t('key.all'),
                  cell: (hit) => hit.keys.map((one) => `${one.label} ${one.value}`).join(', ') || '–',
                },
              ]}
            />
          )
        }
      </Query>
    </Panel>
  );
}

function Crosswalk() {
  const { t } = useTranslation('customer');
  const can = useCan();
  if (!can('customer:export')) return null;
  const take = async (format: 'csv' | 'xlsx') => {
    const purpose = await askPurpose('export');
    if (purpose) await download('/api/keys/crosswalk', { method: 'POST', body: { format, purpose } }).catch(tellFault);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<Download size={15} />}>
          {t('key.crosswalk')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void take('csv')}>CSV</Menu.Item>
        <Menu.Item onClick={() => void take('xlsx')}>Excel (XLSX)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
