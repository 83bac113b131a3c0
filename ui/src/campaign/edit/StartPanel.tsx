// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Rocket } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Remark } from '@/app/preview';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, Panel } from '@/shared/page';
import { stepCampaign, type Campaign } from '../api';
import styles from './Edit.module.css';

/** Starts the campaign, after one last question. */
export function StartPanel({ campaign, remarks }: { campaign: Campaign; remarks: Remark[] }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { planned } = campaign.counts;
  const blocked = planned === 0 || remarks.some((remark) => remark.severity === 'error');
  const start = useMutation({
    mutationFn: () => stepCampaign(campaign.id, 'start'),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['campaigns'] });
      await navigate({ to: '/campaigns/$id', params: { id: String(campaign.id) } });
    },
  });
  const ask = async () => {
    const sure = await confirm({
      title: t('start.askNow', { count: planned, shown: number(planned) }),
      text: t('start.text'),
      action: t('start.now'),
    });
    if (sure) start.mutate();
  };
  if (!can('campaign:send')) return <p className="dim">{t('start.noRight')}</p>;
  return (
    <Panel title={t('start.title')}>
      <div className={styles.form}>
        <Button
          leftSection={<Rocket size={14} />}
          disabled={blocked}
          loading={start.isPending}
          onClick={() => void ask()}
        >
          {t('start.now')}
        </Button>
        {blocked && (
          <p className="dim" style={{ margin: 0 }}>
            {t(planned === 0 ? 'start.nobody' : 'start.mend')}
          </p>
        )}
      </div>
    </Panel>
  );
}
