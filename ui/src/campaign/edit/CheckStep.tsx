// SPDX-License-Identifier: Apache-2.0
import { Button, Progress } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { useMailPreview } from '@/app/preview';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Status } from '@/shared/page';
import { stepCampaign, takeNews, transportQuery, type Campaign, type CampaignNews } from '../api';
import { ApprovalPanel } from './ApprovalPanel';
import { ForecastPanel } from './ForecastPanel';
import { GateFunnel } from './GateFunnel';
import { PlanActions } from './PlanActions';
import { PlanRemarks } from './PlanRemarks';
import { PlanSummary } from './PlanSummary';
import { StartPanel } from './StartPanel';
import styles from './Edit.module.css';

/** Before planning: says what it does and asks for it. */
function AskPlan({ campaign, isBlocked }: { campaign: Campaign; isBlocked: boolean }) {
  const { t } = useTranslation('campaign');
  const can = useCan();
  const queries = useQueryClient();
  const plan = useMutation({
    mutationFn: () => stepCampaign(campaign.id, 'plan'),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  const isPlanning = campaign.state === 'planning';
  return (
    <Panel>
      <EmptyState
        icon={ShieldCheck}
        title={t(isPlanning ? 'plan.busy' : 'plan.title')}
        text={t(isBlocked ? 'plan.mend' : 'plan.text')}
      >
        {isPlanning ? (
          <Progress value={100} animated striped w={260} aria-label={t('plan.busy')} />
        ) : (
          can('campaign:update') && (
            <Button disabled={isBlocked} loading={plan.isPending} onClick={() => plan.mutate()}>
              {t('plan.action')}
            </Button>
          )
        )}
      </EmptyState>
      {campaign.note && !isBlocked && (
        <p className={styles.note} role="alert">
          {campaign.note}
        </p>
      )}
    </Panel>
  );
}

/** Step 5: what the gate lets through and what not, before anything goes out; then start. */
export function CheckStep({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { dateTime } = useFormat();
  const queries = useQueryClient();
  const { data: transport } = useQuery(transportQuery);
  const preview = useMailPreview({ template_id: campaign.template_id }, undefined);
  useLive<CampaignNews>(campaign.state === 'planning' ? `campaign:${campaign.id}` : undefined, (news) =>
    takeNews(queries, { ...news, id: campaign.id }),
  );
  const remarks = preview.data?.remarks ?? [];
  const isPlanned = campaign.state === 'planned';
  return (
    <div className={styles.split}>
      <div className={styles.column}>
        {isPlanned ? (
          <Panel
            title={t('check.who')}
            aside={campaign.as_of && t('asOf', { at: dateTime(campaign.as_of) })}
            actions={
              <Link to="/campaigns/$id" params={{ id: String(campaign.id) }} search={{ tab: 'recipients' }}>
                {t('check.list')}
              </Link>
            }
          >
            <div className={styles.form}>
              <GateFunnel counts={campaign.counts} />
              <PlanActions campaign={campaign} />
            </div>
          </Panel>
        ) : (
          <AskPlan campaign={campaign} isBlocked={remarks.some((remark) => remark.severity === 'error')} />
        )}
        {remarks.length > 0 && (
          <Panel title={t('check.remarks')}>
            <PlanRemarks remarks={remarks} />
          </Panel>
        )}
      </div>
      <div className={styles.column}>
        <Panel title={t('check.summary')}>
          <PlanSummary campaign={campaign} />
        </Panel>
        {transport?.is_local && (
          <p className={styles.local}>
            <Status tone="amber">{t('notSent')}</Status> {t('notSentText')}
          </p>
        )}
        <ForecastPanel campaign={campaign} />
        {isPlanned && <ApprovalPanel campaign={campaign} />}
        {isPlanned && <StartPanel campaign={campaign} remarks={remarks} />}
      </div>
    </div>
  );
}
