// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Pencil, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { confirm } from '@/shared/page';
import { stepCampaign, type Campaign } from '../api';
import { draftOf } from './useEditor';
import styles from './Edit.module.css';

/** Once recipients are checked: check them anew, or go back to change what planning has fixed. */
export function PlanActions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => stepCampaign(campaign.id, 'plan'),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  // What is planned is fixed for good; a fresh draft with the same content takes its place.
  const change = useMutation({
    mutationFn: async () => {
      const copy = await api.post<Campaign>('/api/campaigns', { body: draftOf(campaign) });
      await api.delete<void>('/api/campaigns/{id}', { path: { id: campaign.id } });
      return copy;
    },
    onSuccess: async (copy) => {
      await navigate({ to: '/campaigns/$id/edit', params: { id: String(copy.id) }, search: { step: 'audience' } });
      await queries.invalidateQueries({ queryKey: ['campaigns', 'list'] });
    },
  });
  const ask = async () => {
    const sure = await confirm({ title: t('plan.changeTitle'), text: t('plan.changeText'), action: t('plan.change') });
    if (sure) change.mutate();
  };
  if (!can('campaign:update')) return null;
  return (
    <div className={styles.row}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<RotateCw size={13} />}
        loading={again.isPending}
        onClick={() => again.mutate()}
      >
        {t('plan.again')}
      </Button>
      {can('campaign:create') && can('campaign:delete') && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Pencil size={13} />}
          loading={change.isPending}
          onClick={() => void ask()}
        >
          {t('plan.change')}
        </Button>
      )}
    </div>
  );
}
