// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { tell } from '@/shared/page';

/** Lifts a hold and looks again at what it stood in the way of. */
export function useLift() {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => api.delete('/api/holds/{id}', { path: { id } }),
    onSuccess: async () => {
      tell(t('hold.lifted'));
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['customers', 'holds'] }),
        queries.invalidateQueries({ queryKey: ['customers', 'erasure'] }),
      ]);
    },
    onError: tellFault,
  });
}
