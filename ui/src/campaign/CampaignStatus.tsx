// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { CampaignState } from './api';

const tones: Record<CampaignState, Tone> = {
  draft: 'grey',
  planning: 'cyan',
  planned: 'accent',
  running: 'cyan',
  paused: 'amber',
  finished: 'teal',
  cancelled: 'grey',
};

/** Where a campaign stands, as a small coloured word. */
export function CampaignStatus({ state, startAt }: { state: CampaignState; startAt?: string }) {
  const { t } = useTranslation('campaign');
  if (state === 'planned' && startAt) return <Status tone="violet">{t('state.scheduled')}</Status>;
  return <Status tone={tones[state]}>{t(`state.${state}`)}</Status>;
}
