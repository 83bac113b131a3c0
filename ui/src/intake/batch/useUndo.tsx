// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { confirm } from '@/shared/page';
import { undoBatch, type Batch } from '../api';

/** Takes a whole batch back, after saying what will happen. */
export function useUndo(batch: Batch): { ask: () => Promise<void>; isPending: boolean } {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const queries = useQueryClient();
  const undo = useMutation({
    mutationFn: () => undoBatch(batch.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  });
  const ask = async () => {
    const { created, updated, linked } = batch.counts;
    const points = [
      t('undo.withdraw', { shown: number(created + updated + linked) }),
      ...(updated > 0 ? [t('undo.restore', { shown: number(updated) })] : []),
      ...(created > 0 && batch.kind === 'customers' ? [t('undo.hide', { shown: number(created) })] : []),
      t('undo.keep'),
    ];
    const sure = await confirm({
      title: t('undo.title', { name: batch.file_name }),
      text: (
        <ul style={{ margin: 0, paddingInlineStart: 18, display: 'grid', gap: 6 }}>
          {points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      ),
      action: t('undo.action'),
      danger: true,
    });
    if (sure) undo.mutate();
  };
  return { ask, isPending: undo.isPending };
}
