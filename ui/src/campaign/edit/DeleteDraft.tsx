// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { confirm } from '@/shared/page';
import type { Campaign } from '../api';

/** Throws away a campaign that never started. */
export function DeleteDraft({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { t: shared } = useTranslation('shared');
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.delete<void>('/api/campaigns/{id}', { path: { id: campaign.id } }),
    onSuccess: async () => {
      await navigate({ to: '/campaigns' });
      queries.removeQueries({ queryKey: ['campaigns', campaign.id] });
      await queries.invalidateQueries({ queryKey: ['campaigns', 'list'] });
    },
  });
  if (!can('campaign:delete')) return null;
  const ask = async () => {
    const sure = await confirm({
      title: t('remove.title', { name: campaign.name }),
      text: t('remove.text'),
      action: shared('delete'),
      danger: true,
    });
    if (sure) remove.mutate();
  };
  return (
    <Tooltip label={shared('delete')}>
      <ActionIcon onClick={() => void ask()} loading={remove.isPending} aria-label={shared('delete')}>
        <Trash2 size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
