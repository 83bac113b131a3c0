// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Megaphone, Plus, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { Ago, useFormat } from '@/shared/format';
import { EmptyState, ErrorState, ListFoot, Loading, Page, Panel, SimpleTable, useList, ViewTabs } from '@/shared/page';
import type { SimpleColumn } from '@/shared/page';
import { isActive, segmentsQuery, takeNews, type Campaign, type CampaignNews } from '../api';
import { CampaignStatus } from '../CampaignStatus';
import { openPolicy } from './openPolicy';
import { ShortResult } from './ShortResult';
import styles from './List.module.css';

/** The parts of the list. */
const views = ['all', 'draft', 'active', 'ended'] as const;
type View = (typeof views)[number];

function inView(campaign: Campaign, view: View): boolean {
  if (view === 'all') return true;
  const isDraft = ['draft', 'planning', 'planned'].includes(campaign.state);
  if (view === 'draft') return isDraft;
  return !isDraft && isActive(campaign.state) === (view === 'active');
}

function Sent({ campaign }: { campaign: Campaign }) {
  const { number } = useFormat();
  const { counts } = campaign;
  if (!campaign.started_at) return <span className="dim">–</span>;
  const sent = counts.handed_over + counts.delivered + counts.bounced;
  return (
    <span className="num">
      {number(sent)} <span className="dim">/ {number(counts.treatment)}</span>
    </span>
  );
}

/** All campaigns: state, goal, dates, how many were reached and what came of it. */
export function CampaignsPage() {
  const { t } = useTranslation('campaign');
  const { view = 'all' } = useSearch({ from: '/shell/campaigns' });
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const list = useList<Campaign>({ queryKey: ['campaigns', 'list'], path: '/api/campaigns', limit: 100 });
  useLive<CampaignNews>(list.items.some((c) => isActive(c.state)) ? 'campaign:*' : undefined, (news) => {
    takeNews(queries, news);
    void queries.invalidateQueries({ queryKey: ['campaigns', 'list'] });
  });
  const { data: segments } = useQuery({ ...segmentsQuery, enabled: can('segment:read') });
  const segmentName = (campaign: Campaign) => segments?.items.find((s) => s.id === campaign.segment_id)?.name;
  const mayCreate = can('campaign:create');
  const create = () => void navigate({ to: '/campaigns/new' });
  useShortcuts(t('title'), mayCreate ? [{ keys: 'c', label: t('new'), run: create }] : []);
  const columns: SimpleColumn<Campaign>[] = [
    {
      id: 'name',
      header: t('name'),
      cell: (campaign) => (
        <span className={styles.name}>
          <strong>{campaign.name}</strong>
          <small>{[campaign.goal, segmentName(campaign)].filter(Boolean).join(' · ')}</small>
        </span>
      ),
    },
    {
      id: 'state',
      header: t('stateLabel'),
      cell: (campaign) => <CampaignStatus state={campaign.state} startAt={campaign.start_at} />,
    },
    { id: 'sent', header: t('sent'), align: 'end', cell: (campaign) => <Sent campaign={campaign} /> },
    {
      id: 'when',
      header: t('when'),
      cell: (campaign) => (
        <span style={{ whiteSpace: 'nowrap' }}>
          <Ago at={campaign.finished_at ?? campaign.started_at ?? campaign.start_at ?? campaign.updated_at} />
        </span>
      ),
    },
    { id: 'result', header: t('resultLabel'), cell: (campaign) => <ShortResult campaign={campaign} /> },
  ];
  const button = (
    <Button leftSection={<Plus size={14} />} renderRoot={(props) => <Link to="/campaigns/new" {...props} />}>
      {t('new')}
    </Button>
  );
  return (
    <Page
      title={t('title')}
      actions={
        <>
          {can('campaign:approve') && (
            <Button
              variant="default"
              leftSection={<ShieldCheck size={14} />}
              onClick={() => openPolicy(t('approval.policy'))}
            >
              {t('approval.policy')}
            </Button>
          )}
          {mayCreate && button}
        </>
      }
      bar={
        <ViewTabs
          label={t('title')}
          value={view}
          onChange={(id) =>
            void navigate({ to: '/campaigns', search: id === 'all' ? {} : { view: id as Exclude<View, 'all'> } })
          }
          tabs={views.map((id) => ({
            id,
            label: t(`view.${id}`),
            count: list.items.filter((campaign) => inView(campaign, id)).length || undefined,
          }))}
        />
      }
    >
      {list.isPending ? (
        <Loading />
      ) : list.fault && list.items.length === 0 ? (
        <ErrorState fault={list.fault} onRetry={list.retry} />
      ) : list.items.length === 0 ? (
        <EmptyState icon={Megaphone} title={t('empty.title')} text={t('empty.text')}>
          {mayCreate && button}
        </EmptyState>
      ) : (
        <Panel flush>
          <SimpleTable
            stack
            label={t('title')}
            rows={list.items.filter((campaign) => inView(campaign, view))}
            columns={columns}
            rowKey={(campaign) => campaign.id}
            onOpen={(campaign) => void navigate({ to: '/campaigns/$id', params: { id: String(campaign.id) } })}
          />
          <ListFoot list={list} />
        </Panel>
      )}
    </Page>
  );
}
