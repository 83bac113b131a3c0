// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, Circle, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import { useCan } from '../session';
import { batchesQuery, campaignsQuery, customersCountQuery, segmentsCountQuery } from './api';
import classes from './Home.module.css';

interface Step {
  key: 'import' | 'rejects' | 'look' | 'segment' | 'campaign' | 'result';
  to: string;
  done: boolean;
  permission: string;
}

/** What to do next along the loop; done steps stay as a trace. */
export function NextSteps() {
  const { t } = useTranslation('app');
  const can = useCan();
  const { number } = useFormat();
  const batches = useQuery({ ...batchesQuery, enabled: can('customer:import') });
  const customers = useQuery({ ...customersCountQuery, enabled: can('customer:read') });
  const segments = useQuery({ ...segmentsCountQuery, enabled: can('segment:read') });
  const campaigns = useQuery({ ...campaignsQuery, enabled: can('campaign:read') });
  const rejected = batches.data?.items.find((batch) => batch.counts.rejected > 0 && batch.state === 'done');
  const finished = campaigns.data?.items.some((one) => one.state === 'finished') ?? false;
  const all: Step[] = [
    { key: 'import', to: '/import', done: (customers.data?.count ?? 0) > 0, permission: 'customer:import' },
    ...(rejected
      ? [{ key: 'rejects' as const, to: `/import/batches/${rejected.id}`, done: false, permission: 'customer:import' }]
      : []),
    { key: 'segment', to: '/segments', done: (segments.data?.items.length ?? 0) > 0, permission: 'segment:read' },
    { key: 'campaign', to: '/campaigns', done: (campaigns.data?.items.length ?? 0) > 0, permission: 'campaign:read' },
    { key: 'result', to: '/performance', done: finished, permission: 'campaign:read' },
  ];
  const steps = all.filter((step) => can(step.permission));
  if (steps.length === 0) return null;
  return (
    <Panel title={t('home.next')} aside={`${steps.filter((step) => step.done).length}/${steps.length}`} flush>
      <ul className={classes.steps}>
        {steps.map((step) => (
          <li key={step.key}>
            <Link to={step.to} className={classes.step} data-done={step.done || undefined}>
              {step.done ? <CircleCheck size={17} aria-hidden /> : <Circle size={17} aria-hidden />}
              <span className={classes.stepText}>
                {t(`home.step.${step.key}`)}
                {!step.done && (
                  <small>
                    {t(`home.stepText.${step.key}`, {
                      shown: number(rejected?.counts.rejected ?? 0),
                      name: rejected ? rejected.file_name || rejected.source_label : '',
                    })}
                  </small>
                )}
                {step.done && <span className="sr-only">{t('home.done')}</span>}
              </span>
              <ChevronRight size={15} aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
