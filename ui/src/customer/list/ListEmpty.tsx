// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Upload, UserRoundSearch, UsersRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { EmptyState } from '@/shared/page';

interface ListEmptyProps {
  /** A search or a filter leaves nothing over. */
  filtered: boolean;
  onClear: () => void;
  onCreate: () => void;
}

/** No customers: either none match, or there are none yet. */
export function ListEmpty({ filtered, onClear, onCreate }: ListEmptyProps) {
  const { t } = useTranslation('customer');
  const can = useCan();
  if (filtered) {
    return (
      <EmptyState icon={UserRoundSearch} title={t('list.noneFound')} text={t('list.noneFoundText')}>
        <Button variant="default" onClick={onClear}>
          {t('list.clearAll')}
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={UsersRound} title={t('list.none')} text={t('list.noneText')}>
      {can('customer:import') && (
        <Button component={Link} to="/import" leftSection={<Upload size={15} />}>
          {t('list.import')}
        </Button>
      )}
      {can('customer:create') && (
        <Button variant="default" onClick={onCreate}>
          {t('new.title')}
        </Button>
      )}
    </EmptyState>
  );
}
