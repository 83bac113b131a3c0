// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Share2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';
import { CustomerPicker } from '@/app/pick';
import { useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable } from '@/shared/page';
import { MaskToggle } from '../list/MaskToggle';
import { ReferralTree } from './ReferralTree';

type Node = Schema<'ReferralNode'>;

/** Who introduced whom: those who brought most, and the tree around one customer. */
export function ReferralsPage() {
  const { t } = useTranslation('customer');
  const { number, money } = useFormat();
  const { customer } = useSearch({ from: '/shell/referrals' });
  const navigate = useNavigate({ from: '/referrals' });
  const result = useQuery({
    queryKey: ['customers', 'referrers'],
    queryFn: ({ signal }) => api.get('/api/referrals', { query: { limit: 50 }, signal }),
  });
  return (
    <Page
      title={t('referral.title')}
      actions={<MaskToggle />}
      bar={
        <CustomerPicker
          ariaLabel={t('referral.of')}
          placeholder={t('referral.of')}
          value={undefined}
          onChange={(picked) => picked && void navigate({ search: { customer: picked.id } })}
          width={280}
        />
      }
    >
      <div style={{ display: 'grid', gap: 14 }}>
        {customer !== undefined && <Tree id={customer} />}
        <Query result={result}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={Share2} title={t('referral.none')} text={t('referral.noneText')} />
            ) : (
              <Panel title={t('referral.top')} flush>
                <SimpleTable<Node>
                  label={t('referral.top')}
                  rows={items}
                  rowKey={(node) => node.id}
                  onOpen={(node) => void navigate({ search: { customer: node.id } })}
                  stack
                  columns={[
                    {
                      id: 'name',
                      header: t('field.full_name'),
                      cell: (node) => (
                        <Link
                          to="/customers/$id"
                          params={{ id: String(node.id) }}
                          onClick={(event) => event.stopPropagation()}
                        >
                          {node.name || `#${node.id}`}
                        </Link>
                      ),
                    },
                    {
                      id: 'people',
                      header: t('referral.people'),
                      align: 'end',
                      cell: (node) => number(node.brought.people),
                    },
                    {
                      id: 'depth',
                      header: t('referral.depth'),
                      align: 'end',
                      cell: (node) => number(node.brought.depth),
                    },
                    {
                      id: 'orders',
                      header: t('household.orders'),
                      align: 'end',
                      cell: (node) => number(node.brought.orders),
                    },
                    {
                      id: 'revenue',
                      header: t('referral.brought'),
                      align: 'end',
                      cell: (node) => money(node.brought.revenue, node.brought.currency),
                    },
                    {
                      id: 'own',
                      header: t('referral.own'),
                      align: 'end',
                      cell: (node) => money(node.figures.revenue, node.figures.currency),
                    },
                  ]}
                />
              </Panel>
            )
          }
        </Query>
      </div>
    </Page>
  );
}

function Tree({ id }: { id: number }) {
  const { t } = useTranslation('customer');
  const result = useQuery({
    queryKey: ['customers', 'one', id, 'referrals'],
    queryFn: ({ signal }) => api.get('/api/customers/{id}/referrals', { path: { id }, signal }),
  });
  return (
    <Panel title={t('referral.tree')} flush>
      <Query result={result}>{(tree) => <ReferralTree tree={tree} current={id} />}</Query>
    </Panel>
  );
}
