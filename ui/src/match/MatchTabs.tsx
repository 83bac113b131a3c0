// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { ViewTabs } from '@/shared/page';
import { pairsQuery } from './api';

const places = { runs: '/match', review: '/match/review', model: '/match/model' } as const;

/** The three places of matching, as tabs. */
export function MatchTabs({ value }: { value: keyof typeof places }) {
  const { t } = useTranslation('match');
  const { count } = useFormat();
  const navigate = useNavigate();
  const queue = useQuery(pairsQuery({}));
  return (
    <ViewTabs
      label={t('title')}
      value={value}
      onChange={(id) => void navigate({ to: places[id as keyof typeof places] })}
      tabs={[
        { id: 'runs', label: t('tab.runs') },
        { id: 'review', label: t('tab.review'), count: count(queue.data?.total) },
        { id: 'model', label: t('tab.model') },
      ]}
    />
  );
}
