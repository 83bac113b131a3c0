// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page, UnmaskButton, ViewTabs } from '@/shared/page';
import { MatchTabs } from '../MatchTabs';
import { History } from './History';
import { Patterns } from './Patterns';
import { QueueView } from './QueueView';
import type { ReviewSearch } from './search';

const orders = ['doubt', 'weight', 'oldest'] as const;
const remarks = ['live', 'name', 'group', 'consent'] as const;

/** The review queue: pair by pair with the keyboard, by pattern, or what was decided. */
export function ReviewPage() {
  const { t } = useTranslation('match');
  const search = useSearch({ strict: false }) as ReviewSearch;
  const navigate = useNavigate();
  const change = (next: Partial<ReviewSearch>) =>
    void navigate({ to: '/match/review', search: { ...search, ...next }, replace: true });
  const tab = search.tab ?? 'queue';
  return (
    <Page
      title={t('review.title')}
      body="fill"
      actions={<UnmaskButton />}
      bar={
        <>
          <MatchTabs value="review" />
          <ViewTabs
            label={t('review.title')}
            value={search.state === 'later' && tab === 'queue' ? 'later' : tab}
            onChange={(id) =>
              change(
                id === 'queue' || id === 'later'
                  ? {
                      tab: undefined,
                      state: id === 'later' ? 'later' : undefined,
                      pattern: undefined,
                      customer: undefined,
                    }
                  : { tab: id as ReviewSearch['tab'], state: undefined },
              )
            }
            tabs={[
              { id: 'queue', label: t('review.queue') },
              { id: 'later', label: t('review.later') },
              { id: 'patterns', label: t('review.patterns') },
              { id: 'history', label: t('review.history') },
            ]}
          />
          {tab === 'queue' && (
            <>
              <Select
                aria-label={t('review.order')}
                w={150}
                allowDeselect={false}
                data={orders.map((value) => ({ value, label: t(`order.${value}`) }))}
                value={search.order ?? 'doubt'}
                onChange={(value) =>
                  change({ order: value === 'doubt' ? undefined : (value as ReviewSearch['order']) })
                }
              />
              <Select
                aria-label={t('review.why')}
                placeholder={t('review.why')}
                w={170}
                clearable
                data={remarks.map((value) => ({ value, label: t(`why.${value}`) }))}
                value={search.remark ?? null}
                onChange={(value) => change({ remark: (value ?? undefined) as ReviewSearch['remark'] })}
              />
            </>
          )}
        </>
      }
    >
      {tab === 'queue' && (
        <QueueView
          key={JSON.stringify(search)}
          ask={{
            state: search.state,
            order: search.order,
            remark: search.remark,
            pattern: search.pattern,
            customer_id: search.customer,
          }}
        />
      )}
      {tab === 'patterns' && <Patterns />}
      {tab === 'history' && <History />}
    </Page>
  );
}
