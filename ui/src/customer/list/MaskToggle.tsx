// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Eye, EyeOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { maskAgain, useCan, useUnmasked } from '@/app/session';
import { useUnmask } from '@/shared/page';

/** The eye that shows personal values in clear for a stated purpose, or masks them again. */
export function MaskToggle() {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const can = useCan();
  const open = useUnmasked();
  const show = useUnmask();
  if (!can('customer:unmask')) return null;
  const toggle = () => (show ? show() : maskAgain(queries).catch(tellFault));
  const label = t(open ? 'mask.hide' : 'mask.show');
  const Icon = open ? Eye : EyeOff;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" onClick={() => void toggle()} aria-label={label} aria-pressed={open}>
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
