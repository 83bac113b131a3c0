// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page, ViewTabs } from '@/shared/page';
import { Bars } from './Bars';
import { DueNotices } from './DueNotices';
import { Law } from './Law';
import { Policies } from './Policies';

const tabs = ['rules', 'due', 'bars', 'law'] as const;
type Tab = (typeof tabs)[number];

/** What the company may send: its own rules, what it must tell people, barred addresses, and the law's figures. */
export function RulesPage() {
  const { t } = useTranslation('consent');
  const [tab, setTab] = useState<Tab>('rules');
  const Content = { rules: Policies, due: DueNotices, bars: Bars, law: Law }[tab];
  return (
    <Page
      title={t('rules.title')}
      width={1080}
      bar={
        <ViewTabs
          label={t('rules.title')}
          tabs={tabs.map((id) => ({ id, label: t(`rules.tab.${id}`) }))}
          value={tab}
          onChange={(id) => setTab(id as Tab)}
        />
      }
    >
      <Content />
    </Page>
  );
}
