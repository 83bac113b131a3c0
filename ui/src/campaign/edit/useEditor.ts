// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/app/api';
import type { Campaign, CampaignDraft } from '../api';

/** The steps of making a campaign, in order. */
export const editSteps = ['goal', 'audience', 'message', 'control', 'check'] as const;
export type EditStep = (typeof editSteps)[number];

/** What a fresh campaign starts with (rulebook 3.7: 10 % and at least 500 in the control group, 7 days). */
const fresh: CampaignDraft = {
  name: '',
  goal: '',
  segment_id: 0,
  template_id: 0,
  control_share: 1000,
  control_minimum: 500,
  window_days: 7,
  message_cost: 0,
  margin_share: 3000,
  rate_per_minute: 0,
  is_tracked: true,
  intent: { objective: 'conversion' },
};

const KEY = 'dangol-campaign-new';

/** The draft of a campaign that does not exist yet; it outlives a look at another page. */
export function keptDraft(): CampaignDraft {
  try {
    return { ...fresh, ...(JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<CampaignDraft>) };
  } catch {
    return fresh;
  }
}

/** The part of a campaign that a person decides. */
export function draftOf(campaign: Campaign): CampaignDraft {
  const names = Object.keys({ ...fresh, budget: 0 }) as (keyof CampaignDraft)[];
  return Object.fromEntries(names.map((name) => [name, campaign[name]])) as unknown as CampaignDraft;
}

/** Tells whether a step says enough to go on. */
export function stepReady(draft: CampaignDraft, step: EditStep): boolean {
  if (step === 'goal') return draft.name.trim() !== '';
  if (step === 'audience') return draft.segment_id > 0;
  if (step === 'message') return draft.template_id > 0;
  return true;
}

/** A step can be gone to when every step before it says enough. */
export function canReach(draft: CampaignDraft, step: EditStep): boolean {
  return editSteps.slice(0, editSteps.indexOf(step)).every((before) => stepReady(draft, before));
}

/** The draft of a campaign; once it says enough, going to another step saves it. */
export function useEditor(campaign: Campaign | undefined, start: CampaignDraft) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(start);
  const isDirty = !campaign || JSON.stringify(draft) !== JSON.stringify(draftOf(campaign));
  const save = useMutation({
    mutationFn: () =>
      campaign
        ? api.patch<Campaign>('/api/campaigns/{id}', {
            path: { id: campaign.id },
            body: { ...draft, version: campaign.version },
          })
        : api.post<Campaign>('/api/campaigns', { body: draft }),
    onSuccess: (saved) => {
      sessionStorage.removeItem(KEY);
      queries.setQueryData(['campaigns', saved.id], saved);
      void queries.invalidateQueries({ queryKey: ['campaigns', 'list'] });
    },
  });
  const change = (part: Partial<CampaignDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    if (!campaign) sessionStorage.setItem(KEY, JSON.stringify(next));
  };
  const go = async (step: EditStep) => {
    const isWhole = canReach(draft, 'control');
    const saved = isDirty && isWhole ? await save.mutateAsync() : campaign;
    if (saved) await navigate({ to: '/campaigns/$id/edit', params: { id: String(saved.id) }, search: { step } });
    else await navigate({ to: '/campaigns/new', search: { step } });
  };
  return { draft, change, go: (step: EditStep) => void go(step).catch(() => undefined), isSaving: save.isPending };
}

export type Editor = ReturnType<typeof useEditor>;
