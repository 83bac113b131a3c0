// SPDX-License-Identifier: Apache-2.0
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleCheck, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, Panel, SimpleTable, Status, tell, useList } from '@/shared/page';

type Conflict = Schema<'CrosswalkShownConflict'>;

/** Keys that point to two people, and people with two keys of one scheme, each with the way to mend it. */
export function Conflicts() {
  const { t } = useTranslation('customer');
  const { number } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const [kind, setKind] = useState<'' | 'shared' | 'double'>('');
  const list = useList<Conflict>({
    queryKey: ['customers', 'conflicts', kind],
    path: '/api/keys/conflicts',
    options: { query: { kind } },
    limit: 50,
  });
  const check = useMutation({
    mutationFn: () => api.post('/api/keys/check'),
    onSuccess: () => tell(t('key.checking')),
  });
  return (
    <Panel
      title={t('key.conflicts')}
      aside={list.total && number(list.total.count)}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('key.conflicts')}
            value={kind}
            onChange={(next) => setKind(next as typeof kind)}
            data={[
              { value: '', label: t('key.kind.all') },
              { value: 'shared', label: t('key.kind.shared') },
              { value: 'double', label: t('key.kind.double') },
            ]}
          />
          {can('customer:merge') && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<RefreshCw size={13} />}
              loading={check.isPending}
              onClick={() => check.mutate()}
            >
              {t('key.check')}
            </Button>
          )}
        </>
      }
      flush
    >
      {list.isPending && <Loading />}
      {list.fault ? <ErrorState fault={list.fault} onRetry={list.retry} /> : null}
      {!list.isPending && !list.fault && list.items.length === 0 && (
        <EmptyState icon={CircleCheck} title={t('key.noConflicts')} text={t('key.noConflictsText')} />
      )}
      {list.items.length > 0 && (
        <SimpleTable<Conflict>
          label={t('key.conflicts')}
          rows={list.items}
          rowKey={(one) => one.id}
          stack
          columns={[
            {
              id: 'kind',
              header: t('key.what'),
              cell: (one) => (
                <Status tone={one.kind === 'shared' || one.one_per_person ? 'red' : 'amber'}>
                  {t(`key.kind.${one.kind}`)}
                </Status>
              ),
            },
            { id: 'scheme', header: t('key.scheme'), cell: (one) => one.label },
            { id: 'keys', header: t('key.value'), cell: (one) => <span className="num">{one.keys.join(', ')}</span> },
            {
              id: 'people',
              header: t('key.customer'),
              cell: (one) => (
                <span style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 10px' }}>
                  {one.customers.map((row) => (
                    <Link key={row.id} to="/customers/$id" params={{ id: String(row.id) }}>
                      {row.full_name || t('unnamed')} <span className="dim num">#{row.id}</span>
                    </Link>
                  ))}
                </span>
              ),
            },
            {
              id: 'mend',
              header: '',
              align: 'end',
              cell: (one) => {
                const [a, b] = one.customers;
                if (!a || !can('customer:merge')) return null;
                if (one.kind === 'shared' && b)
                  return (
                    <Button
                      size="compact-sm"
                      variant="light"
                      onClick={() => void navigate({ to: '/customers/merge', search: { a: a.id, b: b.id } })}
                    >
                      {t('key.compare')}
                    </Button>
                  );
                return (
                  <Button
                    size="compact-sm"
                    variant="light"
                    onClick={() =>
                      void navigate({ to: '/customers/$id', params: { id: String(a.id) }, search: { tab: 'records' } })
                    }
                  >
                    {t('key.part')}
                  </Button>
                );
              },
            },
          ]}
        />
      )}
      <ListFoot list={list} />
    </Panel>
  );
}
