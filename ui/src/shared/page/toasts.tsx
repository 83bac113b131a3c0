// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { tellFault } from '@/app/faults';
import { translate } from '@/app/i18n';

/** Says shortly that something is done. */
export function tell(message: string): void {
  notifications.show({ message, color: 'teal', autoClose: 4000 });
}

/** Says that something is done and offers to take it back. */
export function tellUndo(message: string, undo: () => Promise<unknown>): void {
  const id = notifications.show({
    autoClose: 9000,
    color: 'accent',
    message: (
      <span style={{ display: 'flex', alignItems: 'center', justifyContent: 'space-between', gap: 12 }}>
        <span>{message}</span>
        <Button size="compact-sm" variant="light" onClick={() => takeBack()}>
          {translate('shared:undo')}
        </Button>
      </span>
    ),
  });
  const takeBack = () => {
    notifications.hide(id);
    undo().then(() => tell(translate('shared:undone')), tellFault);
  };
}
