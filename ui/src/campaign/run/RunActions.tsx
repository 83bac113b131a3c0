// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleStop, Pause, Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm } from '@/shared/page';
import { stepCampaign, type Campaign, type Step } from '../api';

/** Pause, go on, or end for good. */
export function RunActions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const step = useMutation({
    mutationFn: (to: Step) => stepCampaign(campaign.id, to),
    onSettled: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  const { planned, leased } = campaign.counts;
  const cancel = async () => {
    const sure = await confirm({
      title: t('cancel.title', { name: campaign.name }),
      text: t('cancel.text', { count: planned + leased, shown: number(planned + leased) }),
      action: t('cancel.action'),
      danger: true,
    });
    if (sure) step.mutate('cancel');
  };
  if (!can('campaign:send')) return null;
  const busy = (of: Step) => step.isPending && step.variables === of;
  return (
    <>
      {campaign.state === 'running' && (
        <Button
          variant="default"
          leftSection={<Pause size={14} />}
          loading={busy('pause')}
          onClick={() => step.mutate('pause')}
        >
          {t('pause')}
        </Button>
      )}
      {campaign.state === 'paused' && (
        <Button leftSection={<Play size={14} />} loading={busy('resume')} onClick={() => step.mutate('resume')}>
          {t('resume')}
        </Button>
      )}
      {(campaign.state === 'running' || campaign.state === 'paused') && (
        <Button
          variant="subtle"
          color="red"
          leftSection={<CircleStop size={14} />}
          loading={busy('cancel')}
          onClick={() => void cancel()}
        >
          {t('cancel.action')}
        </Button>
      )}
    </>
  );
}
