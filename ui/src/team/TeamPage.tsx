// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Page, ViewTabs } from '@/shared/page';
import { Branches } from './Branches';
import { People } from './People';
import { Roles } from './Roles';

type Tab = 'people' | 'roles' | 'branches';

/** The staff, their roles and the branches. */
export function TeamPage() {
  const { t } = useTranslation('team');
  const can = useCan();
  const { tab = 'people' } = useSearch({ from: '/shell/people' });
  const navigate = useNavigate({ from: '/people' });
  const [adding, setAdding] = useState(false);
  const done = () => setAdding(false);
  const Content = { people: People, roles: Roles, branches: Branches }[tab];
  return (
    <Page
      title={t('title')}
      width={1080}
      bar={
        <ViewTabs
          label={t('title')}
          tabs={(['people', 'roles', 'branches'] as Tab[]).map((id) => ({ id, label: t(`tab.${id}`) }))}
          value={tab}
          onChange={(id) => void navigate({ search: id === 'people' ? {} : { tab: id as 'roles' } })}
        />
      }
      actions={
        can('team:admin') && (
          <Button leftSection={<Plus size={15} />} onClick={() => setAdding(true)}>
            {t(`add.${tab}`)}
          </Button>
        )
      }
    >
      <Content adding={adding} onAdded={done} />
    </Page>
  );
}
