// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { BatchState } from '../api';

const tones: Record<BatchState, Tone> = {
  prepared: 'grey',
  trying: 'cyan',
  tried: 'accent',
  running: 'cyan',
  cancelled: 'amber',
  done: 'teal',
  failed: 'red',
  undoing: 'cyan',
  undone: 'grey',
};

/** The state of a batch as a small coloured word. */
export function BatchStatus({ state }: { state: BatchState }) {
  const { t } = useTranslation('intake');
  return <Status tone={tones[state]}>{t(`state.${state}`)}</Status>;
}
