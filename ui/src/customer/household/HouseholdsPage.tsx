// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { House, RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, EmptyState, Page, Query, Stat, tell, tellUndo, ViewTabs } from '@/shared/page';
import { MaskToggle } from '../list/MaskToggle';
import { householdKey, overviewQuery } from './api';
import { Crowded } from './Crowded';
import { HouseholdList } from './HouseholdList';
import classes from './Household.module.css';

export const householdTabs = ['suggested', 'confirmed', 'crowded'] as const;
const SURE = 950;

/** Who lives together: suggestions to decide, decided households, places that are no homes. */
export function HouseholdsPage() {
  const { t } = useTranslation('customer');
  const { number, dateTime } = useFormat();
  const { tab = 'suggested' } = useSearch({ from: '/shell/households' });
  const navigate = useNavigate({ from: '/households' });
  const queries = useQueryClient();
  const can = useCan();
  const result = useQuery(overviewQuery);
  const refresh = () => void queries.invalidateQueries({ queryKey: householdKey });
  useLive<{ kinds: string[] }>(
    'journal',
    ({ kinds }) => kinds.some((k) => k.startsWith('customer.household')) && refresh(),
  );
  const search = useMutation({
    mutationFn: () => api.post('/api/households/search'),
    onSuccess: () => tell(t('household.searching')),
  });
  const confirmAll = useMutation({
    mutationFn: () => api.post('/api/households/confirm', { body: { from: SURE } }),
    onSuccess: ({ entry_id: entry }) =>
      tellUndo(t('household.confirmingAll'), () =>
        api.post('/api/households/undo', { body: { entry_id: entry ?? 0 } }).then(refresh),
      ),
  });
  const askAll = async (count: number) => {
    const sure = await confirm({
      title: t('household.confirmAllTitle', { count }),
      text: t('household.confirmAllText'),
      action: t('household.confirmAll', { count }),
    });
    if (sure) confirmAll.mutate();
  };
  return (
    <Page
      title={t('household.title')}
      actions={
        <>
          <MaskToggle />
          {can('customer:merge') && (
            <Button
              variant="default"
              leftSection={<RefreshCw size={15} />}
              loading={search.isPending}
              onClick={() => search.mutate()}
            >
              {t('household.search')}
            </Button>
          )}
        </>
      }
      bar={
        <ViewTabs
          label={t('household.title')}
          value={tab}
          onChange={(next) => void navigate({ search: { tab: next as (typeof householdTabs)[number] } })}
          tabs={householdTabs.map((id) => ({
            id,
            label: t(`household.tab.${id}`),
            count:
              result.data &&
              number(
                id === 'crowded'
                  ? (result.data.last?.summary.crowd_count ?? 0)
                  : result.data[id as 'suggested' | 'confirmed'],
              ),
          }))}
        />
      }
    >
      <Query result={result}>
        {(overview) =>
          overview.last === undefined && overview.confirmed === 0 ? (
            <EmptyState icon={House} title={t('household.none')} text={t('household.noneText')}>
              {can('customer:merge') && <Button onClick={() => search.mutate()}>{t('household.search')}</Button>}
            </EmptyState>
          ) : (
            <div className={classes.stack}>
              {tab === 'suggested' && (
                <div className={classes.stats}>
                  {(['95', '80', '65', '50'] as const).map((band) => (
                    <Stat
                      key={band}
                      label={t(`household.band.${band}`)}
                      value={number(overview.bands[band] ?? 0)}
                      note={
                        band === '50' && overview.last
                          ? t('household.asOf', { at: dateTime(overview.last.finished_at) })
                          : undefined
                      }
                    />
                  ))}
                </div>
              )}
              {tab === 'suggested' && can('customer:merge') && overview.sure > 0 && (
                <div>
                  <Button loading={confirmAll.isPending} onClick={() => void askAll(overview.sure)}>
                    {t('household.confirmAll', { count: overview.sure })}
                  </Button>
                </div>
              )}
              {tab === 'crowded' ? (
                <Crowded places={overview.crowded ?? []} />
              ) : (
                <HouseholdList key={tab} state={tab as 'suggested' | 'confirmed'} />
              )}
            </div>
          )
        }
      </Query>
    </Page>
  );
}
