// SPDX-License-Identifier: Apache-2.0
import { Button, Progress } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useLive } from '@/app/live';
import { cancelRun, type Run } from './api';
import classes from './Run.module.css';

/** How far a run is, and the way to stop it. */
export function RunProgress({ run, onEnd }: { run: Run; onEnd: () => void }) {
  const { t } = useTranslation('mining');
  const [at, setAt] = useState({ done: 0, total: 0 });
  useLive<{ done: number; total: number; state: string }>(`job:${run.job_id}`, (job) => {
    setAt({ done: job.done, total: job.total });
    if (job.state !== 'running') onEnd();
  });
  const cancel = useMutation({ mutationFn: () => cancelRun(run.job_id ?? 0), onSuccess: onEnd, onError: tellFault });
  const share = at.total > 0 ? (100 * at.done) / at.total : 100;
  return (
    <div className={classes.running} role="status">
      <span>{t('run.running')}</span>
      <Progress value={share} animated={at.total === 0} aria-label={t('run.running')} className={classes.progress} />
      <Button size="compact-sm" variant="subtle" loading={cancel.isPending} onClick={() => cancel.mutate()}>
        {t('run.cancel')}
      </Button>
    </div>
  );
}
