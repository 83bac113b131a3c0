// SPDX-License-Identifier: Apache-2.0
import { Menu, UnstyledButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { BookOpen, LogOut, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Initial } from '@/shared/format';
import { tellFault } from '../faults';
import { signOut } from '../session';

/** The menu of the signed-in person. */
export function UserMenu({ name, email }: { name: string; email: string }) {
  const { t } = useTranslation('app');
  const queries = useQueryClient();
  const router = useRouter();
  const leave = async () => {
    try {
      await signOut(queries);
      await router.navigate({ to: '/signin' });
    } catch (fault) {
      tellFault(fault);
    }
  };
  return (
    <Menu width={220}>
      <Menu.Target>
        <UnstyledButton aria-label={t('shell.me', { name })}>
          <Initial name={name} size={28} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled fz={12}>
          {name} · {email}
        </Menu.Item>
        <Menu.Item component={Link} to="/account" leftSection={<UserRound size={15} />}>
          {t('account.title')}
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs" target="_blank" rel="noopener" leftSection={<BookOpen size={15} />}>
          {t('nav.apiDocs')}
        </Menu.Item>
        <Menu.Divider role="separator" />
        <Menu.Item onClick={leave} leftSection={<LogOut size={15} />}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
