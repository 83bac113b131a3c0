// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api';
import type { Schema } from '../apiTypes';
import { useLive } from '../live';
import classes from './ImageNotice.module.css';

const KEY = ['system', 'image'];

type EngineState = Schema<'AppImageOutputBody'>;

/**
 * Tells everybody when an engine is not itself: the customer image was found damaged, or ClickHouse does not answer.
 * Answers are right all the same, but slower.
 */
export function ImageNotice() {
  const { t } = useTranslation('app');
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get('/api/system/image', { background: true, signal }),
    // The live stream tells of changes; this is for what it missed.
    refetchInterval: (query) => (query.state.data?.state === 'damaged' ? 2_000 : 60_000),
  });
  const learn = (news: Partial<EngineState>) =>
    queries.setQueryData<EngineState>(KEY, (old) => ({ state: 'ready', ...old, ...news }));
  useLive<Pick<EngineState, 'state'>>('warehouse:image', ({ state }) => learn({ state }));
  useLive<{ state: EngineState['clickhouse'] }>('warehouse:clickhouse', ({ state }) => learn({ clickhouse: state }));
  return (
    <div role="status">
      {data?.state === 'damaged' && (
        <p className={classes.notice}>
          <TriangleAlert size={15} aria-hidden /> {t('imageNotice')}
        </p>
      )}
      {data?.clickhouse === 'lost' && (
        <p className={classes.notice}>
          <TriangleAlert size={15} aria-hidden /> {t('clickhouseNotice')}
        </p>
      )}
    </div>
  );
}
