// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api';
import { useLive } from '../live';
import classes from './ImageNotice.module.css';

const KEY = ['system', 'image'];

/** Tells everybody that the customer image was found damaged and is being built anew: answers are right but slower. */
export function ImageNotice() {
  const { t } = useTranslation('app');
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get('/api/system/image', { background: true, signal }),
    // The live stream tells of changes; this is for what it missed.
    refetchInterval: (query) => (query.state.data?.state === 'damaged' ? 2_000 : 60_000),
  });
  useLive<{ state: string }>('warehouse:image', ({ state }) => queries.setQueryData(KEY, { state }));
  return (
    <div role="status">
      {data?.state === 'damaged' && (
        <p className={classes.notice}>
          <TriangleAlert size={15} aria-hidden /> {t('imageNotice')}
        </p>
      )}
    </div>
  );
}
