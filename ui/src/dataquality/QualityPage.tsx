// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Page, tell, ViewTabs } from '@/shared/page';
import type { QualityTab } from '.';
import { qualityKey, scoresQuery } from './api';
import { Contributions } from './Contributions';
import { Reconcile } from './Reconcile';
import { ScoresView } from './ScoresView';
import { Worklists } from './Worklists';

const tabs: QualityTab[] = ['scores', 'worklists', 'reconcile', 'contributions'];

/** How good the data is, what to mend, where departments disagree, and who mends. */
export function QualityPage() {
  const { t } = useTranslation('dataquality');
  const { dateTime, percent } = useFormat();
  const { tab = 'scores' } = useSearch({ from: '/shell/quality' });
  const navigate = useNavigate({ from: '/quality' });
  const can = useCan();
  const queries = useQueryClient();
  const { data } = useQuery(scoresQuery);
  useLive<{ kinds: string[] }>(
    'journal',
    ({ kinds }) =>
      kinds.some((kind) => kind.startsWith('dataquality.')) && void queries.invalidateQueries({ queryKey: qualityKey }),
  );
  const scan = useMutation({
    mutationFn: () => api.post('/api/quality/scan'),
    onSuccess: async () => {
      tell(t('scanning'));
      await queries.invalidateQueries({ queryKey: scoresQuery.queryKey });
    },
  });
  const { scanning, last } = data ?? {};
  const aside = scanning
    ? t('scanningNow', { share: percent(scanning.total > 0 ? scanning.done / scanning.total : 0, 0) })
    : last && t('asOf', { at: dateTime(last.finished_at) });
  return (
    <Page
      title={t('title')}
      aside={aside}
      actions={
        can('dataquality:update') && (
          <Button
            variant="default"
            leftSection={<RefreshCw size={15} />}
            loading={scan.isPending || scanning !== undefined}
            onClick={() => scan.mutate()}
          >
            {t('scan')}
          </Button>
        )
      }
      bar={
        <ViewTabs
          label={t('title')}
          value={tab}
          onChange={(next) => void navigate({ search: { tab: next as QualityTab } })}
          tabs={tabs.map((id) => ({ id, label: t(`tab.${id}`) }))}
        />
      }
    >
      {tab === 'scores' && <ScoresView />}
      {tab === 'worklists' && <Worklists />}
      {tab === 'reconcile' && <Reconcile />}
      {tab === 'contributions' && <Contributions />}
    </Page>
  );
}
