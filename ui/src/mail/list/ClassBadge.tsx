// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { MailClass } from '../api';

const tones: Record<MailClass, Tone> = { ad: 'amber', informational: 'cyan', statutory_notice: 'grey' };

/** What a message is before the law, as a small word. */
export function ClassBadge({ value }: { value: MailClass }) {
  const { t } = useTranslation('mail');
  return <Status tone={tones[value]}>{t(`class.${value}`)}</Status>;
}
