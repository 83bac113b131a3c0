// SPDX-License-Identifier: Apache-2.0
import { Skeleton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Grey lines in the place of content that is on its way. */
export function Loading({ lines = 6 }: { lines?: number }) {
  const { t } = useTranslation('shared');
  return (
    <div role="status" aria-label={t('loading')} style={{ display: 'grid', gap: 12, padding: 16 }}>
      {Array.from({ length: lines }, (_, i) => (
        <Skeleton key={i} height={14} width={`${[86, 64, 78, 52, 70, 60][i % 6]}%`} />
      ))}
    </div>
  );
}
