// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { List } from './useList';

/** Below a list that has more pages: the button that loads the next one. */
export function ListFoot({ list }: { list: Pick<List<unknown>, 'hasMore' | 'isLoadingMore' | 'loadMore'> }) {
  const { t } = useTranslation('shared');
  if (!list.hasMore) return null;
  return (
    <div style={{ display: 'grid', placeItems: 'center', padding: 10 }}>
      <Button size="compact-sm" variant="subtle" onClick={list.loadMore} loading={list.isLoadingMore}>
        {t('more')}
      </Button>
    </div>
  );
}
