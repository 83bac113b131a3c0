// SPDX-License-Identifier: Apache-2.0
import { Button, Group } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm } from '@/shared/page';
import type { Campaign } from '../api';

/** Lets a person decide about messages of which nobody knows whether they went out. */
export function UnknownDecision({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: 'send_again' | 'take_as_out') =>
      api.post<Campaign>('/api/campaigns/{id}/unknown', { path: { id: campaign.id }, body: { decision } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  if (!can('campaign:send') || !['paused', 'finished'].includes(campaign.state)) return null;
  const shown = number(campaign.counts.unknown);
  const ask = async (decision: 'send_again' | 'take_as_out') => {
    const isAgain = decision === 'send_again';
    const sure = await confirm({
      title: t(isAgain ? 'unknownDecision.title' : 'unknownDecision.outTitle', { shown }),
      text: t(isAgain ? 'unknownDecision.text' : 'unknownDecision.outText'),
      action: t(isAgain ? 'unknownDecision.again' : 'unknownDecision.out'),
      danger: isAgain,
    });
    if (sure) decide.mutate(decision);
  };
  return (
    <Group gap={8} mt={8}>
      <Button size="compact-sm" variant="default" loading={decide.isPending} onClick={() => void ask('send_again')}>
        {t('unknownDecision.again')}
      </Button>
      <Button size="compact-sm" variant="default" loading={decide.isPending} onClick={() => void ask('take_as_out')}>
        {t('unknownDecision.out')}
      </Button>
    </Group>
  );
}
