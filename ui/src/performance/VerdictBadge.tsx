// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { Verdict } from './api';

const tones: Record<Verdict, Tone> = {
  effect_positive: 'teal',
  effect_negative: 'red',
  no_effect_shown: 'grey',
  too_few: 'grey',
  no_control: 'amber',
};

/** What a comparison shows, in two words. */
export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation('performance');
  return <Status tone={tones[verdict]}>{t(`verdict.${verdict}`)}</Status>;
}
