// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleSlash, History, Play, Undo2, Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { runBatch, type Batch } from '../api';
import { Mend } from './Mend';
import { OutcomeList } from './OutcomeList';
import { Outcomes, type OutcomeTab } from './Outcomes';
import { useUndo } from './useUndo';
import classes from './Batch.module.css';

type Ended = 'done' | 'cancelled' | 'failed' | 'undone';
const looks = {
  done: { icon: CircleCheck, tone: 'var(--teal)' },
  cancelled: { icon: CircleSlash, tone: 'var(--amber)' },
  failed: { icon: CircleAlert, tone: 'var(--red)' },
  undone: { icon: Undo2, tone: 'var(--grey)' },
};

/** What became of the batch, with the ways on: see the customers, mend the rejects, take it all back. */
export function Result({ batch, onMap }: { batch: Batch; onMap: () => void }) {
  const { t } = useTranslation('intake');
  const { number, dateTime, duration } = useFormat();
  const can = useCan();
  const [tab, setTab] = useState<OutcomeTab>(batch.counts.rejected > 0 ? 'rejected' : 'created');
  const undo = useUndo(batch);
  const queries = useQueryClient();
  const resume = useMutation({
    mutationFn: () => runBatch(batch.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  });
  const state = batch.state as Ended;
  const { icon: Icon, tone } = looks[state];
  const facts = [
    dateTime(batch.undone_at ?? batch.finished_at ?? batch.created_at),
    batch.person,
    batch.seconds && state !== 'undone' ? duration(batch.seconds) : undefined,
  ].filter(Boolean);
  const { created, updated, linked, rejected } = batch.counts;
  const entered = created + updated + linked;
  return (
    <div className={classes.body}>
      <div className={classes.inner}>
        <div className={classes.banner} style={{ '--tone': tone } as React.CSSProperties}>
          <span className={classes.badge}>
            <Icon size={18} aria-hidden />
          </span>
          <div>
            <h2>{t(`result.${state}`, { count: entered, shown: number(entered) })}</h2>
            <p>{facts.join(' · ')}</p>
            {batch.error && <p role="alert">{batch.error}</p>}
          </div>
          <div className={classes.row}>
            {state === 'done' && can('customer:read') && (
              <Button leftSection={<Users size={14} />} renderRoot={(props) => <Link to="/customers" {...props} />}>
                {t('result.customers')}
              </Button>
            )}
            {(state === 'failed' || state === 'cancelled') && can('customer:import') && batch.file_id > 0 && (
              <>
                <Button leftSection={<Play size={14} />} loading={resume.isPending} onClick={() => resume.mutate()}>
                  {t('result.resume')}
                </Button>
                {entered === 0 && (
                  <Button variant="default" onClick={onMap}>
                    {t('result.again')}
                  </Button>
                )}
              </>
            )}
            {can('journal:read') && batch.journal_entry_id !== undefined && (
              <Button
                variant="default"
                leftSection={<History size={14} />}
                renderRoot={(props) => <Link to="/journal" {...props} />}
              >
                {t('result.journal')}
              </Button>
            )}
            {state !== 'undone' && entered > 0 && can('customer:import') && (
              <Button
                variant="default"
                leftSection={<Undo2 size={14} />}
                loading={undo.isPending}
                onClick={() => void undo.ask()}
              >
                {t('undo.action')}
              </Button>
            )}
          </div>
        </div>
        <Outcomes batch={batch} dry={false} value={tab} onChange={setTab} />
        {rejected > 0 && state !== 'undone' && <Mend batch={batch} />}
        <OutcomeList batch={batch} tab={tab} />
      </div>
    </div>
  );
}
