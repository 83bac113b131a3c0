// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface MoreButtonProps {
  /** The part of an infinite query that the button needs. */
  result: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}

/** Loads the next page of a list, as long as there is one. */
export function MoreButton({ result }: MoreButtonProps) {
  const { t } = useTranslation('shared');
  if (!result.hasNextPage) return null;
  return (
    <div style={{ textAlign: 'center', padding: 10 }}>
      <Button
        variant="subtle"
        size="xs"
        loading={result.isFetchingNextPage}
        onClick={() => void result.fetchNextPage()}
      >
        {t('more')}
      </Button>
    </div>
  );
}
