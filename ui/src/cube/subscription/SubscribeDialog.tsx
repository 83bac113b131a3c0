// SPDX-License-Identifier: Apache-2.0
import { Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { tell } from '@/shared/page';
import type { SavedDraft } from '../saved';
import { saveSubscription, subscriptionsQuery, type SubscriptionContent } from './api';
import { SubscriptionForm } from './SubscriptionForm';

interface SubscribeDialogProps {
  draft: SavedDraft<SubscriptionContent>;
  onClose: () => void;
}

/** A new subscription: by mail every Monday at eight until it is said otherwise. */
export const newSubscription = (
  of: Pick<SubscriptionContent, 'pivot_id' | 'board_id'> = {},
  name = '',
): SavedDraft<SubscriptionContent> => ({
  name,
  content: { kind: 'report', format: 'pdf', every: 'week', weekday: 1, day: 1, hour: 8, ...of },
});

/** Makes or changes a subscription. */
export function SubscribeDialog({ draft, onClose }: SubscribeDialogProps) {
  const { t } = useTranslation('cube');
  const cache = useQueryClient();
  const save = useMutation({
    mutationFn: saveSubscription,
    onSuccess: async () => {
      tell(t('saved'));
      await cache.invalidateQueries({ queryKey: subscriptionsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t(draft.id ? 'subscription.edit' : 'subscription.new')}>
      <SubscriptionForm draft={draft} isSaving={save.isPending} onSave={(next) => save.mutate(next)} />
    </Modal>
  );
}
