// SPDX-License-Identifier: Apache-2.0
import { Indicator, ActionIcon, Popover, Progress, Tooltip } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { translate } from '../i18n';
import { useLive } from '../live';
import { useCan } from '../session';
import { runningJobsQuery, type Job } from '../system/api';
import classes from './RunningJobs.module.css';

/** The work that runs in the background right now, with live progress. */
export function RunningJobs() {
  const { t } = useTranslation('app');
  const can = useCan();
  const queries = useQueryClient();
  const { number } = useFormat();
  const { data } = useQuery({ ...runningJobsQuery, enabled: can('job:read') });
  useLive<Partial<Job>>(can('job:read') ? 'job:*' : undefined, (job) => {
    const known = queries.getQueryData(runningJobsQuery.queryKey)?.items ?? [];
    if (job.state !== 'running' || !known.some((k) => k.id === job.id)) {
      void queries.invalidateQueries({ queryKey: runningJobsQuery.queryKey });
      return;
    }
    queries.setQueryData(runningJobsQuery.queryKey, (old) =>
      old ? { ...old, items: old.items.map((k) => (k.id === job.id ? { ...k, ...job } : k)) } : old,
    );
  });
  const jobs = data?.items ?? [];
  if (jobs.length === 0) return null;
  return (
    <Popover position="bottom-end" width={300} withinPortal>
      <Popover.Target>
        <Tooltip label={t('jobs.running', { count: jobs.length })}>
          <Indicator label={jobs.length} size={15} offset={4} color="accent">
            <ActionIcon aria-label={t('jobs.running', { count: jobs.length })}>
              <Activity size={17} />
            </ActionIcon>
          </Indicator>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.list}>
        {jobs.map((job) => (
          <div key={job.id} className={classes.job}>
            <div className={classes.line}>
              <strong>{translate(`app:jobs.kind.${job.kind.replaceAll('.', '_')}`, job.kind)}</strong>
              <span className="num dim">
                {job.total > 0 ? `${number(job.done)} / ${number(job.total)}` : number(job.done)}
              </span>
            </div>
            <Progress
              value={job.total > 0 ? (100 * job.done) / job.total : 100}
              animated={job.total === 0}
              aria-label={job.kind}
            />
          </div>
        ))}
        <Link to="/jobs" className={classes.all}>
          {t('jobs.all')}
        </Link>
      </Popover.Dropdown>
    </Popover>
  );
}
