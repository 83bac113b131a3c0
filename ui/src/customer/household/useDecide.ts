// SPDX-License-Identifier: Apache-2.0
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { tellUndo } from '@/shared/page';
import {
  changeHousehold,
  confirmHousehold,
  householdKey,
  rejectHousehold,
  undoHousehold,
  type HouseholdPatch,
} from './api';

export type Decision = 'confirm' | 'reject' | HouseholdPatch;

/** Confirms, rejects or changes a household and offers to take it back. */
export function useDecide(onDone?: (id: number, decision: Decision) => void) {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: householdKey }),
      queries.invalidateQueries({ queryKey: ['customers'] }),
    ]);
  return useMutation({
    mutationFn: ({ id, decision }: { id: number; decision: Decision }) => {
      if (decision === 'confirm') return confirmHousehold(id);
      if (decision === 'reject') return rejectHousehold(id);
      return changeHousehold(id, decision);
    },
    onSuccess: async (done, { id, decision }) => {
      onDone?.(id, decision);
      const word = typeof decision === 'string' ? decision : 'change';
      tellUndo(t(`household.done.${word}`), async () => {
        await undoHousehold(id, done.entry_id);
        await refresh();
      });
      await refresh();
    },
  });
}
