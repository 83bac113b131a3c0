// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { Status, type Tone } from '@/shared/page';
import type { Dispatch } from '../api';

const tones: Record<Dispatch['state'], Tone> = {
  planned: 'grey',
  leased: 'cyan',
  handing: 'cyan',
  handed_over: 'accent',
  delivered: 'teal',
  bounced: 'amber',
  failed: 'red',
  unknown: 'violet',
  skipped: 'grey',
  cancelled: 'grey',
};

/** Why a mail did not go, in words. */
export const reasonOf = (reason: string) =>
  translate(`mail:single.reason.${reason}`, translate(`consent:reason.${reason}`, reason));

/** Where one mail stands, and that its reading was confirmed. */
export function DispatchState({ dispatch }: { dispatch: Pick<Dispatch, 'state' | 'read_at'> }) {
  const { t } = useTranslation('mail');
  return (
    <span style={{ display: 'inline-flex', gap: 4 }}>
      <Status tone={tones[dispatch.state]}>{t(`single.state.${dispatch.state}`)}</Status>
      {dispatch.read_at && <Status tone="teal">{t('single.read')}</Status>}
    </span>
  );
}
