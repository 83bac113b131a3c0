// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { deletePivot, pivotsQuery, savePivot, type CubeQuery, type PivotSettings, type SavedPivot } from './api';
import { SavedMenu } from './SavedMenu';

interface SavedPivotsProps {
  query: CubeQuery;
  settings: PivotSettings;
  saved: number | undefined;
  onOpen: (pivot: SavedPivot | undefined) => void;
}

/** Saved pivots: open one, save this one, save as new, delete. */
export function SavedPivots({ query, settings, saved, onOpen }: SavedPivotsProps) {
  const { t } = useTranslation('cube');
  const { data } = useQuery(pivotsQuery);
  return (
    <SavedMenu
      label={t('savedPivots')}
      none={t('noneSaved')}
      items={data?.items}
      current={data?.items.find((p) => p.id === saved)}
      queryKey={pivotsQuery.queryKey}
      deleting={(name) => t('delete', { name })}
      onSave={(name, shared, as) => savePivot({ id: as?.id, version: as?.version, name, shared, query, settings })}
      onDelete={deletePivot}
      onOpen={onOpen}
    />
  );
}
