// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis, Eraser, Gavel, History } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { EraseDialog } from '../erase/EraseDialog';
import { HoldDialog } from '../erase/HoldDialog';

/** What is rarely done with a customer: the journal, a hold, an erasure. */
export function CustomerMenu({ id }: { id: number }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'erase' | 'hold'>();
  const close = () => setAsked(undefined);
  if (!can('journal:read') && !can('customer:erase')) return null;
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={t('more')}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {can('journal:read') && (
            <Menu.Item
              leftSection={<History size={15} />}
              onClick={() => void navigate({ to: '/journal', search: { subject: id } })}
            >
              {t('showJournal')}
            </Menu.Item>
          )}
          {can('customer:erase') && (
            <>
              <Menu.Item leftSection={<Gavel size={15} />} onClick={() => setAsked('hold')}>
                {t('hold.menu')}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<Eraser size={15} />} onClick={() => setAsked('erase')}>
                {t('erase.menu')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked === 'erase' && <EraseDialog id={id} onClose={close} />}
      {asked === 'hold' && <HoldDialog id={id} onClose={close} />}
    </>
  );
}
