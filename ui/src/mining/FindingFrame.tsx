// SPDX-License-Identifier: Apache-2.0
import { Button, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { EmptyState, Loading, Page, Panel } from '@/shared/page';
import classes from './Finding.module.css';
import type { FindingKind } from './findingApi';
import { PinBar, RunFacts, RunProgress, runQuery, runsQuery, startRun, type Run } from './run';

interface FindingFrameProps<Result> {
  kind: FindingKind;
  icon: LucideIcon;
  /** The fields of the form. */
  form: ReactNode;
  /** Above the form, such as a warning. */
  before?: ReactNode;
  /** Buttons beside the title. */
  actions?: ReactNode;
  /** What is asked for; undefined as long as something is missing. */
  settings: object | undefined;
  children: (result: Result, run: Run<Result>) => ReactNode;
}

/** A form that begins a run, the run on its way, and its result; earlier runs can be opened again. */
export function FindingFrame<Result>({
  kind,
  icon,
  form,
  before,
  actions,
  settings,
  children,
}: FindingFrameProps<Result>) {
  const { t } = useTranslation('mining');
  const { dateTime } = useFormat();
  const cache = useQueryClient();
  const runs = useQuery(runsQuery(kind));
  // A pinned result is opened by its number in the address.
  const asked = useSearch({ strict: false }) as { run?: number };
  const [chosen, setChosen] = useState<number | undefined>(asked.run);
  const id = chosen ?? runs.data?.items?.[0]?.id;
  const run = useQuery(runQuery<Result>(id));
  const start = useMutation({
    mutationFn: ({ ask, seed }: { ask: object; seed?: number }) => startRun(kind, ask, seed),
    onSuccess: (begun) => {
      setChosen(begun.id);
      void cache.invalidateQueries({ queryKey: ['mining-runs', kind] });
    },
  });
  const list = runs.data?.items ?? [];
  return (
    <Page
      title={t(`finding.${kind}.title`)}
      actions={actions}
      bar={
        list.length > 0 ? (
          <Select
            aria-label={t('finding.earlier')}
            data={list.map((one) => ({ value: String(one.id), label: dateTime(one.created_at) }))}
            value={id === undefined ? null : String(id)}
            allowDeselect={false}
            onChange={(value) => value && setChosen(Number(value))}
            w={220}
          />
        ) : undefined
      }
    >
      <div className={classes.stack}>
        {before}
        <Panel title={t(`finding.${kind}.ask`)}>
          <form
            className={classes.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (settings) start.mutate({ ask: settings });
            }}
          >
            {form}
            <Button type="submit" loading={start.isPending} disabled={!settings || run.data?.state === 'running'}>
              {t('finding.start')}
            </Button>
          </form>
          {start.error && <p role="alert">{start.error.message}</p>}
        </Panel>
        {id === undefined && !runs.isPending && (
          <EmptyState icon={icon} title={t(`finding.${kind}.emptyTitle`)} text={t(`finding.${kind}.emptyText`)} />
        )}
        {id !== undefined && run.isPending && <Loading />}
        {run.data && (
          <RunBody run={run.data} onRepeat={(ask, seed) => start.mutate({ ask, seed })} isBusy={start.isPending}>
            {children}
          </RunBody>
        )}
      </div>
    </Page>
  );
}

interface RunBodyProps<Result> {
  run: Run<Result>;
  onRepeat: (settings: object, seed: number) => void;
  isBusy: boolean;
  children: FindingFrameProps<Result>['children'];
}

function RunBody<Result>({ run, onRepeat, isBusy, children }: RunBodyProps<Result>) {
  const { t } = useTranslation('mining');
  const cache = useQueryClient();
  if (run.state === 'running') {
    return <RunProgress run={run} onEnd={() => void cache.invalidateQueries({ queryKey: ['mining-run', run.id] })} />;
  }
  if (run.state === 'failed' || !run.result) return <p role="alert">{run.problem ?? t('finding.failed')}</p>;
  return (
    <>
      {children(run.result, run)}
      <PinBar key={run.id} run={run} />
      <RunFacts run={run} onRepeat={onRepeat} isBusy={isBusy} />
    </>
  );
}
