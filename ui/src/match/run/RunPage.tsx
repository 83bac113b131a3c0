// SPDX-License-Identifier: Apache-2.0
import { Alert, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, Page, Panel, Query, Stat } from '@/shared/page';
import { cancelRun, isActive, runQuery, undoRun, type Run } from '../api';
import { MatchTabs } from '../MatchTabs';
import { Histogram } from './Histogram';
import classes from './Run.module.css';
import { RunProgress } from './RunProgress';
import { RunStatus } from './RunStatus';

/** One run: what it found, what it linked, and the way to take it back. */
export function RunPage() {
  const { t } = useTranslation('match');
  const { id } = useParams({ strict: false });
  const result = useQuery(runQuery(Number(id)));
  return (
    <Page
      title={t('run.title', { id })}
      aside={result.data && <RunStatus state={result.data.state} />}
      actions={result.data && <RunActions run={result.data} />}
      bar={<MatchTabs value="runs" />}
    >
      <Query result={result}>{(run) => <RunBody run={run} />}</Query>
    </Page>
  );
}

function RunActions({ run }: { run: Run }) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const settled = { onSettled: () => queries.invalidateQueries({ queryKey: ['match'] }) };
  const cancel = useMutation({ mutationFn: () => cancelRun(run.id), ...settled });
  const undo = useMutation({ mutationFn: () => undoRun(run.id), ...settled });
  if (!can('match:run')) return null;
  if (isActive(run)) {
    return (
      <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
        {t('run.cancel')}
      </Button>
    );
  }
  if (run.merged - run.undone <= 0) return null;
  const ask = async () => {
    const sure = await confirm({
      title: t('run.undoTitle', { n: number(run.merged - run.undone) }),
      text: t('run.undoText'),
      action: t('run.undo'),
      danger: true,
    });
    if (sure) undo.mutate();
  };
  return (
    <Button variant="default" leftSection={<Undo2 size={15} />} loading={undo.isPending} onClick={() => void ask()}>
      {t('run.undo')}
    </Button>
  );
}

function RunBody({ run }: { run: Run }) {
  const { t } = useTranslation('match');
  const { number, percent, duration, dateTime } = useFormat();
  const f = run.figures;
  return (
    <div className={classes.stack}>
      {isActive(run) && (
        <Panel>
          <RunProgress run={run} />
        </Panel>
      )}
      {run.error && (
        <Alert color="red" title={t('run.failed')}>
          {run.error}
        </Alert>
      )}
      <div className={classes.stats}>
        <Stat
          label={t('figure.customers')}
          value={number(f.customers)}
          note={t('figure.records', { n: number(f.records) })}
        />
        <Stat
          label={t('figure.merged')}
          value={number(run.merged - run.undone)}
          note={
            run.undone > 0
              ? t('figure.undone', { n: number(run.undone) })
              : t('figure.planned', { n: number(f.planned) })
          }
        />
        <Stat
          label={t('figure.review')}
          value={number(f.review)}
          note={f.review > 0 && <Link to="/match/review">{t('figure.openReview')}</Link>}
        />
        <Stat
          label={t('figure.precision')}
          value={f.planned > 0 ? percent(f.precision, 2) : '–'}
          note={t('figure.estimate')}
        />
        <Stat
          label={t('figure.recall')}
          value={f.planned > 0 ? percent(f.recall, 1) : '–'}
          note={t('figure.recallNote')}
        />
        <Stat label={t('figure.conflicts')} value={number(f.conflicts)} note={t('figure.conflictsNote')} />
        <Stat
          label={t('figure.candidates')}
          value={number(f.candidates)}
          note={t('figure.largest', { n: number(f.largest) })}
        />
        <Stat
          label={t('figure.seconds')}
          value={f.seconds > 0 ? duration(f.seconds) : '–'}
          note={dateTime(run.created_at)}
        />
      </div>
      {f.histogram && f.histogram.length > 0 && (
        <Panel title={t('histogram.title')} aside={t('histogram.about')}>
          <Histogram bins={f.histogram} linkAt={f.link_at} reviewAt={f.review_at} />
        </Panel>
      )}
    </div>
  );
}
