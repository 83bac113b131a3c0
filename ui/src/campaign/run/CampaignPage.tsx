// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ChartColumn } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { Page, Query, ViewTabs } from '@/shared/page';
import { campaignQuery, isActive, takeNews, type Campaign, type CampaignNews } from '../api';
import { CampaignStatus } from '../CampaignStatus';
import { RecipientsTable } from './RecipientsTable';
import { RunActions } from './RunActions';
import { RunOverview } from './RunOverview';

const tabs = ['run', 'recipients'] as const;
type Tab = (typeof tabs)[number];

function RunPage({ campaign, tab }: { campaign: Campaign; tab: Tab }) {
  const { t } = useTranslation('campaign');
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const id = String(campaign.id);
  useLive<CampaignNews>(isActive(campaign.state) ? `campaign:${id}` : undefined, (news) =>
    takeNews(queries, { ...news, id: campaign.id }),
  );
  const hasResult = campaign.started_at !== undefined && can('performance:read');
  return (
    <Page
      title={campaign.name}
      before={
        <ActionIcon aria-label={t('back')} renderRoot={(props) => <Link to="/campaigns" {...props} />}>
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      aside={<CampaignStatus state={campaign.state} startAt={campaign.start_at} />}
      actions={
        <>
          {hasResult && (
            <Button
              variant="default"
              leftSection={<ChartColumn size={14} />}
              renderRoot={(props) => <Link to="/campaigns/$id/result" params={{ id }} {...props} />}
            >
              {t('resultLabel')}
            </Button>
          )}
          <RunActions campaign={campaign} />
        </>
      }
      bar={
        <ViewTabs
          label={campaign.name}
          value={tab}
          onChange={(to) =>
            void navigate({ to: '/campaigns/$id', params: { id }, search: to === 'run' ? {} : { tab: 'recipients' } })
          }
          tabs={tabs.map((name) => ({ id: name, label: t(`tab.${name}`) }))}
        />
      }
    >
      {tab === 'recipients' ? <RecipientsTable campaign={campaign} /> : <RunOverview campaign={campaign} />}
    </Page>
  );
}

/** One campaign at work or done; one that has not started goes to its editor, except for its list of recipients. */
export function CampaignPage() {
  const id = Number(useParams({ from: '/shell/campaigns/$id' }).id);
  const { tab = 'run' } = useSearch({ from: '/shell/campaigns/$id' });
  const result = useQuery(campaignQuery(id));
  return (
    <Query result={result}>
      {(campaign) =>
        tab === 'run' && ['draft', 'planning', 'planned'].includes(campaign.state) ? (
          <Navigate to="/campaigns/$id/edit" params={{ id: String(id) }} replace />
        ) : (
          <RunPage campaign={campaign} tab={tab} />
        )
      }
    </Query>
  );
}
