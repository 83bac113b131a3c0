// SPDX-License-Identifier: Apache-2.0
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page, ViewTabs } from '@/shared/page';
import type { SingleSearch } from './api';
import { Dispatches } from './Dispatches';
import { Triggers } from './Triggers';

const tabs = ['mails', 'triggers'] as const;

/** Mails to one person at a time: what went out and where each stands, and which templates go out by themselves. */
export function SinglePage() {
  const { t } = useTranslation('mail');
  const search = useSearch({ from: '/shell/mails' });
  const navigate = useNavigate();
  const go = (change: SingleSearch) => void navigate({ to: '/mails', search: { ...search, ...change } });
  const tab = search.tab ?? 'mails';
  return (
    <Page
      title={t('single.title')}
      body="fill"
      bar={
        <ViewTabs
          label={t('single.title')}
          value={tab}
          onChange={(id) => go({ tab: id === 'triggers' ? 'triggers' : undefined, mail: undefined })}
          tabs={tabs.map((id) => ({ id, label: t(`single.tab.${id}`) }))}
        />
      }
    >
      {tab === 'triggers' ? <Triggers /> : <Dispatches search={search} go={go} />}
    </Page>
  );
}
