// SPDX-License-Identifier: Apache-2.0
import { Button, Menu, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { confirm, tell } from '@/shared/page';
import { startRun, RunProgress, runQuery } from '../run';
import { refreshModel, scheduleModel, stopModel, type ModelInUse, type Schedule } from './api';

const schedules = ['daily', 'weekly', 'monthly', 'never'] as const;

/** How often it scores, scoring now, training anew, the file, and the end. */
export function ModelActions({ model }: { model: ModelInUse }) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [runId, setRunId] = useState<number>();
  const run = useQuery(runQuery(runId));
  const news = () => void cache.invalidateQueries({ queryKey: ['mining-models'] });
  const refresh = useMutation({
    mutationFn: () => refreshModel(model.event),
    onError: tellFault,
    onSuccess: (m) => setRunId(m.run_id),
  });
  const schedule = useMutation({
    mutationFn: (to: Schedule) => scheduleModel(model.event, to),
    onError: tellFault,
    onSuccess: news,
  });
  const again = useMutation({
    mutationFn: () => startRun('prediction', { ...model.settings, deploy: true }),
    onError: tellFault,
    onSuccess: (begun) => void navigate({ to: '/prediction', search: { run: begun.id } as never }),
  });
  const stop = async () => {
    const sure = await confirm({
      title: t('models.stopTitle'),
      text: t('models.stopText'),
      action: t('models.stop'),
      danger: true,
    });
    if (!sure) return;
    await stopModel(model.event)
      .then(() => {
        tell(t('models.stopped'));
        news();
        return navigate({ to: '/models' });
      })
      .catch(tellFault);
  };
  const save = () =>
    void download('/api/mining/models/{event}/export', {
      path: { event: model.event },
      name: `dangol-model-${model.event}.json`,
    }).catch(tellFault);
  if (run.data?.state === 'running') return <RunProgress run={run.data} onEnd={news} />;
  return (
    <>
      {can('mining:update') && (
        <>
          <Select
            aria-label={t('models.schedule')}
            data={schedules.map((value) => ({ value, label: t(`models.schedules.${value}`) }))}
            value={model.schedule}
            allowDeselect={false}
            onChange={(to) => to && schedule.mutate(to as Schedule)}
            w={170}
          />
          <Button variant="default" loading={refresh.isPending} onClick={() => refresh.mutate()}>
            {t('models.refresh')}
          </Button>
        </>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" aria-label={t('models.more')} px={8}>
            <Ellipsis size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={save}>{t('models.export')}</Menu.Item>
          {can('mining:update') && (
            <>
              <Menu.Item onClick={() => again.mutate()}>{t('models.retrain')}</Menu.Item>
              <Menu.Item color="red" onClick={() => void stop()}>
                {t('models.stop')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
