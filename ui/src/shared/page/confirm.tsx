// SPDX-License-Identifier: Apache-2.0
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';
import { translate } from '@/app/i18n';

interface Question {
  title: string;
  text?: ReactNode;
  /** The word on the button that does it: a verb, not "OK". */
  action: string;
  danger?: boolean;
}

/** Asks before something that cannot be taken back; resolves to the answer. */
export function confirm({ title, text, action, danger }: Question): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: text,
      labels: { confirm: action, cancel: translate('shared:cancel') },
      confirmProps: { color: danger ? 'red' : undefined },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    });
  });
}
