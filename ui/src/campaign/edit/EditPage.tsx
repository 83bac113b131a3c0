// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { Page, Query, Steps } from '@/shared/page';
import { campaignQuery, type Campaign, type CampaignDraft } from '../api';
import { CampaignStatus } from '../CampaignStatus';
import { AudienceStep } from './AudienceStep';
import { CheckStep } from './CheckStep';
import { ControlStep } from './ControlStep';
import { DeleteDraft } from './DeleteDraft';
import { GoalStep } from './GoalStep';
import { MessageStep } from './MessageStep';
import { canReach, draftOf, editSteps, keptDraft, stepReady, useEditor, type Editor, type EditStep } from './useEditor';
import styles from './Edit.module.css';

interface StepBodyProps {
  step: EditStep;
  editor: Editor;
  currency: string;
  campaign?: Campaign;
}

function StepBody({ step, editor, currency, campaign }: StepBodyProps) {
  if (step === 'goal') return <GoalStep editor={editor} currency={currency} />;
  if (step === 'audience') return <AudienceStep editor={editor} />;
  if (step === 'message') return <MessageStep editor={editor} />;
  if (step === 'control' || !campaign) return <ControlStep editor={editor} currency={currency} />;
  return <CheckStep campaign={campaign} />;
}

interface EditFrameProps {
  campaign?: Campaign;
  start: CampaignDraft;
  step: EditStep;
}

function EditFrame({ campaign, start, step }: EditFrameProps) {
  const { t } = useTranslation('campaign');
  const { company } = useSession();
  const editor = useEditor(campaign, start);
  const { draft } = editor;
  const at = editSteps.indexOf(step);
  const previous = editSteps[at - 1];
  const next = editSteps[at + 1];
  const isFrozen = campaign !== undefined && campaign.state !== 'draft';
  return (
    <Page
      title={draft.name.trim() || t('new')}
      before={
        <ActionIcon aria-label={t('back')} renderRoot={(props) => <Link to="/campaigns" {...props} />}>
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      aside={<CampaignStatus state={campaign?.state ?? 'draft'} startAt={campaign?.start_at} />}
      actions={campaign && <DeleteDraft campaign={campaign} />}
      body="fill"
      bar={
        <Steps
          label={t('edit.steps')}
          steps={editSteps.map((id, i) => ({
            id,
            label: t(`edit.step.${id}`),
            state: id === step ? 'current' : i < at && stepReady(draft, id) ? 'done' : 'ahead',
          }))}
          onStep={isFrozen ? undefined : editor.go}
          canGo={(id) => canReach(draft, id)}
        />
      }
    >
      <div className={styles.frame}>
        <div className={styles.body}>
          <StepBody step={step} editor={editor} currency={campaign?.currency ?? company.currency} campaign={campaign} />
        </div>
        {!isFrozen && (
          <footer className={styles.foot}>
            {previous && (
              <Button variant="default" leftSection={<ArrowLeft size={14} />} onClick={() => editor.go(previous)}>
                {t(`edit.step.${previous}`)}
              </Button>
            )}
            {next && (
              <Button
                ml="auto"
                rightSection={<ArrowRight size={14} />}
                disabled={!stepReady(draft, step)}
                loading={editor.isSaving}
                onClick={() => editor.go(next)}
              >
                {t(`edit.step.${next}`)}
              </Button>
            )}
          </footer>
        )}
      </div>
    </Page>
  );
}

/** Makes a new campaign; it exists once name, segment and template are chosen. */
export function NewCampaignPage() {
  const { step, segment } = useSearch({ from: '/shell/campaigns/new' });
  const kept = keptDraft();
  return <EditFrame step={step ?? 'goal'} start={segment ? { ...kept, segment_id: segment } : kept} />;
}

/** Changes a campaign that has not started. */
export function EditPage() {
  const id = Number(useParams({ from: '/shell/campaigns/$id/edit' }).id);
  const { step } = useSearch({ from: '/shell/campaigns/$id/edit' });
  const result = useQuery(campaignQuery(id));
  return (
    <Query result={result}>
      {(campaign) =>
        ['draft', 'planning', 'planned'].includes(campaign.state) ? (
          <EditFrame
            key={`${campaign.id} ${campaign.version}`}
            campaign={campaign}
            start={draftOf(campaign)}
            step={campaign.state === 'draft' ? (step ?? 'goal') : 'check'}
          />
        ) : (
          <Navigate to="/campaigns/$id" params={{ id: String(id) }} replace />
        )
      }
    </Query>
  );
}
