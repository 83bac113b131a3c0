// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { RunState } from '../api';

const tones: Record<RunState, Tone> = {
  queued: 'grey',
  running: 'accent',
  done: 'teal',
  cancelled: 'grey',
  failed: 'red',
  undoing: 'amber',
  undone: 'grey',
};

/** The state of a run as a coloured word. */
export function RunStatus({ state }: { state: RunState }) {
  const { t } = useTranslation('match');
  return <Status tone={tones[state]}>{t(`state.${state}`)}</Status>;
}
