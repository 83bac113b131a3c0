// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { RecipientState } from '../api';

const tones: Record<RecipientState, Tone> = {
  planned: 'grey',
  leased: 'cyan',
  handed_over: 'accent',
  delivered: 'teal',
  bounced: 'amber',
  failed: 'red',
  unknown: 'violet',
  skipped: 'grey',
  cancelled: 'grey',
  control: 'grey',
};

/** Where one message stands, as a small coloured word. */
export function RecipientStatus({ state }: { state: RecipientState }) {
  const { t } = useTranslation('campaign');
  return <Status tone={tones[state]}>{t(`ledger.${state}`)}</Status>;
}
