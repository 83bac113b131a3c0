// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { Received } from '../api';

const tones: Record<Received['kind'], Tone> = {
  reply: 'accent',
  automatic: 'grey',
  bounced: 'red',
  delayed: 'amber',
  delivered: 'teal',
  receipt: 'teal',
  complaint: 'red',
};

/** What a received mail is, and for a returned one what that says about the address. */
export function ReceivedKind({ mail }: { mail: Pick<Received, 'kind' | 'reach'> }) {
  const { t } = useTranslation('mail');
  const tone = mail.kind === 'bounced' && mail.reach !== 'hard' ? 'amber' : tones[mail.kind];
  return (
    <Status tone={tone}>
      {t(`inbox.kind.${mail.kind}`)}
      {mail.reach ? ` · ${t(`inbox.reach.${mail.reach}`)}` : ''}
    </Status>
  );
}
