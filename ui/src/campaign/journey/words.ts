// SPDX-License-Identifier: Apache-2.0
import {
  Cake,
  Clock,
  DoorOpen,
  GitBranch,
  LogIn,
  LogOut,
  Mail,
  Moon,
  Repeat,
  ShoppingBag,
  Split,
  Users,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { segmentsQuery, templatesQuery } from '../api';
import type { Entry, EntryKind, JourneyState, Step, StepKind } from './api';
import type { Tone } from '@/shared/page';

export const stepIcons: Record<StepKind, LucideIcon> = {
  mail: Mail,
  wait: Clock,
  condition: GitBranch,
  split: Split,
  exit: DoorOpen,
};

export const entryIcons: Record<EntryKind, LucideIcon> = {
  segment_entered: LogIn,
  segment_left: LogOut,
  segment_members: Users,
  recurring: Repeat,
  purchase: ShoppingBag,
  silence: Moon,
  birthday: Cake,
  anniversary: Cake,
};

export const stateTones: Record<JourneyState, Tone> = {
  draft: 'grey',
  running: 'cyan',
  paused: 'amber',
  ended: 'grey',
};

/** Says in words what entries and steps do. */
export function useWords() {
  const { t } = useTranslation('campaign');
  const { data: segments } = useQuery(segmentsQuery);
  const { data: templates } = useQuery(templatesQuery);
  const segment = (id?: number) => segments?.items.find((one) => one.id === id)?.name ?? t('journey.unchosen');
  const template = (id?: number) => templates?.items.find((one) => one.id === id)?.name ?? t('journey.unchosen');
  const length = (step: Step) =>
    [
      step.days ? t('journey.daysOf', { count: step.days }) : '',
      step.hours ? t('journey.hoursOf', { count: step.hours }) : '',
      step.until ? t('journey.untilOf', { at: step.until }) : '',
    ]
      .filter(Boolean)
      .join(' ');
  const entry = (e: Entry) => t(`journey.entryText.${e.kind}`, { segment: segment(e.segment_id), days: e.days ?? 0 });
  const stepText = (step: Step, titleOf: (id?: string) => string): string => {
    if (step.kind === 'mail') return template(step.template_id);
    if (step.kind === 'wait') return length(step) || t('journey.unchosen');
    if (step.kind === 'condition') {
      if (step.test === 'segment') return t('journey.asks.segment', { segment: segment(step.segment_id) });
      if (step.test === 'clicked') return t('journey.asks.clicked', { mail: titleOf(step.mail_step) });
      return t('journey.asks.bought');
    }
    if (step.kind === 'split') {
      const shares = (step.branches ?? []).map((branch) => branch.share);
      const total = shares.reduce((sum, share) => sum + share, 0) || 1;
      return shares.map((share) => `${Math.round((100 * share) / total)}%`).join(' : ');
    }
    return t('journey.leaves');
  };
  const choicesOf = (items?: { id: number; name: string }[]) =>
    (items ?? []).map((one) => ({ value: String(one.id), label: one.name }));
  return { entry, stepText, segments: choicesOf(segments?.items), templates: choicesOf(templates?.items) };
}
