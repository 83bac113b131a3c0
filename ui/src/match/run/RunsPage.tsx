// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { GitCompareArrows } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Ago, useFormat } from '@/shared/format';
import { Page, Panel, Query, SimpleTable, type SimpleColumn } from '@/shared/page';
import { isActive, pairsQuery, runsQuery, type Run } from '../api';
import { MatchTabs } from '../MatchTabs';
import classes from './Run.module.css';
import { RunProgress } from './RunProgress';
import { RunStatus } from './RunStatus';
import { StartRun } from './StartRun';

/** Runs over the customer base: start one, see what it does, and what the earlier ones found. */
export function RunsPage() {
  const { t } = useTranslation('match');
  const result = useQuery(runsQuery);
  const active = result.data?.items.find(isActive);
  return (
    <Page title={t('title')} bar={<MatchTabs value="runs" />}>
      <div className={classes.stack}>
        <Intro active={active} isFirst={result.data?.items.length === 0} />
        <Query result={result}>{({ items }) => (items.length > 0 ? <RunsTable runs={items} /> : null)}</Query>
      </div>
    </Page>
  );
}

function Intro({ active, isFirst }: { active: Run | undefined; isFirst: boolean }) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const can = useCan();
  const queue = useQuery(pairsQuery({}));
  const waiting = queue.data?.total?.count ?? 0;
  return (
    <Panel>
      <div className={classes.intro}>
        <div>
          <h2>{t(active ? 'run.nowTitle' : isFirst ? 'run.firstTitle' : 'run.againTitle')}</h2>
          <p>{t(active ? 'run.nowText' : 'run.about')}</p>
        </div>
        <div className={classes.actions}>
          {waiting > 0 && (
            <Button
              variant={isFirst ? 'filled' : 'default'}
              leftSection={<GitCompareArrows size={15} />}
              renderRoot={(props) => <Link to="/match/review" {...props} />}
            >
              {t('run.review', { n: number(waiting) })}
            </Button>
          )}
          {!active && can('match:run') && <StartRun />}
        </div>
      </div>
      {active && (
        <div style={{ marginTop: 14 }}>
          <RunProgress run={active} />
        </div>
      )}
    </Panel>
  );
}

function RunsTable({ runs }: { runs: Run[] }) {
  const { t } = useTranslation('match');
  const { number, duration, percent } = useFormat();
  const navigate = useNavigate();
  const count = (value: number) => <span className="num">{number(value)}</span>;
  const columns: SimpleColumn<Run>[] = [
    { id: 'id', header: t('run.number'), cell: (run) => `#${run.id}` },
    { id: 'state', header: t('run.state'), cell: (run) => <RunStatus state={run.state} /> },
    { id: 'customers', header: t('figure.customers'), align: 'end', cell: (run) => count(run.figures.customers) },
    { id: 'merged', header: t('figure.merged'), align: 'end', cell: (run) => count(run.merged - run.undone) },
    { id: 'review', header: t('figure.review'), align: 'end', cell: (run) => count(run.figures.review) },
    {
      id: 'precision',
      header: t('figure.precision'),
      align: 'end',
      cell: (run) => (run.figures.planned > 0 ? percent(run.figures.precision, 2) : '–'),
    },
    {
      id: 'seconds',
      header: t('figure.seconds'),
      align: 'end',
      cell: (run) => (run.figures.seconds > 0 ? duration(run.figures.seconds) : '–'),
    },
    { id: 'when', header: t('run.when'), cell: (run) => <Ago at={run.finished_at ?? run.created_at} /> },
  ];
  return (
    <Panel title={t('run.list')} flush>
      <SimpleTable
        stack
        label={t('run.list')}
        rows={runs}
        columns={columns}
        rowKey={(run) => run.id}
        onOpen={(run) => void navigate({ to: '/match/runs/$id', params: { id: String(run.id) } })}
      />
    </Panel>
  );
}
