// SPDX-License-Identifier: Apache-2.0
import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { FlaskConical } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Page, Query } from '@/shared/page';
import { runQuery, runsQuery, startRun, type Run } from './api';
import classes from './Run.module.css';
import { PinBar } from './PinBar';
import { RunFacts } from './RunFacts';
import { RunProgress } from './RunProgress';

interface RunFrameProps<Result> {
  kind: string;
  title: string;
  /** What is computed next. */
  settings: object;
  /** Controls of the settings. */
  bar?: ReactNode;
  /** What there will be to see once a run is done. */
  promise: string;
  children: (result: Result, run: Run<Result>) => ReactNode;
}

/** The page of a model: start, progress and cancel, then the latest result. */
export function RunFrame<Result>({ kind, title, settings, bar, promise, children }: RunFrameProps<Result>) {
  const { t } = useTranslation('mining');
  const { dateTime } = useFormat();
  const can = useCan();
  const cache = useQueryClient();
  const runs = useQuery(runsQuery(kind));
  const items = runs.data?.items ?? [];
  const running = items.find((run) => run.state === 'running');
  const done = items.find((run) => run.state === 'done');
  const failed = items[0]?.state === 'failed' ? items[0] : undefined;
  const asked = useSearch({ strict: false }) as { run?: number };
  // A pinned result is opened by its number in the address; a new run shows itself.
  const [chosen, setChosen] = useState(asked.run);
  const shown = chosen ?? done?.id;
  const result = useQuery(runQuery<Result>(shown));
  const refresh = () => cache.invalidateQueries({ queryKey: runsQuery(kind).queryKey });
  const start = useMutation({
    mutationFn: ({ ask, seed }: { ask: object; seed?: number }) => startRun(kind, ask, seed),
    onSuccess: () => {
      setChosen(undefined);
      return refresh();
    },
    onError: tellFault,
  });
  const begin = can('mining:update') && (
    <Button loading={start.isPending} disabled={running !== undefined} onClick={() => start.mutate({ ask: settings })}>
      {t('run.start')}
    </Button>
  );
  return (
    <Page
      title={title}
      bar={bar}
      actions={
        <>
          {items.filter((run) => run.state === 'done').length > 1 && (
            <Select
              aria-label={t('finding.earlier')}
              data={items
                .filter((run) => run.state === 'done')
                .map((run) => ({ value: String(run.id), label: dateTime(run.finished_at) }))}
              value={shown === undefined ? null : String(shown)}
              allowDeselect={false}
              onChange={(id) => id && setChosen(Number(id))}
              w={200}
            />
          )}
          {begin}
        </>
      }
    >
      <div className={classes.stack}>
        {running?.job_id !== undefined && <RunProgress run={running} onEnd={() => void refresh()} />}
        {failed && !running && (
          <p role="alert" className={classes.problem}>
            {failed.problem}
          </p>
        )}
        {runs.isSuccess && shown === undefined && !running && (
          <EmptyState icon={FlaskConical} title={t('run.none')} text={promise}>
            {begin}
          </EmptyState>
        )}
        {shown !== undefined && (
          <Query result={result}>
            {(run) => (
              <>
                {run.result && children(run.result, run)}
                <PinBar key={run.id} run={run} />
                <RunFacts
                  run={run}
                  onRepeat={(ask, seed) => start.mutate({ ask, seed })}
                  isBusy={start.isPending || running !== undefined}
                />
              </>
            )}
          </Query>
        )}
        {runs.isError && <Query result={runs}>{() => null}</Query>}
      </div>
    </Page>
  );
}
