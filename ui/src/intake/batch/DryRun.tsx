// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, Play, SearchCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { countsOf, runBatch, type Batch } from '../api';
import { OutcomeList } from './OutcomeList';
import { Outcomes, type OutcomeTab } from './Outcomes';
import classes from './Batch.module.css';

/** Step 3: what would become of each row, before anything is changed. */
export function DryRun({ batch, onMap }: { batch: Batch; onMap: () => void }) {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const counts = countsOf(batch);
  const [tab, setTab] = useState<OutcomeTab>(counts.rejected > 0 ? 'rejected' : 'created');
  const run = useMutation({
    mutationFn: () => runBatch(batch.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  });
  const taken = counts.created + counts.updated + counts.linked;
  return (
    <div className={classes.frame}>
      <div className={classes.body}>
        <div className={classes.inner}>
          <div className={classes.banner} style={{ '--tone': 'var(--accent-strong)' } as React.CSSProperties}>
            <span className={classes.badge}>
              <SearchCheck size={18} aria-hidden />
            </span>
            <div>
              <h2>{t('check.title')}</h2>
              <p>
                {counts.rejected > 0
                  ? t('check.someBad', { count: counts.rejected, shown: number(counts.rejected) })
                  : t('check.allGood')}
                {batch.preview?.is_sampled && ` ${t('check.sampled', { shown: number(batch.preview.sample_rows) })}`}
              </p>
            </div>
          </div>
          <Outcomes batch={batch} dry value={tab} onChange={setTab} />
          <OutcomeList batch={batch} tab={tab} />
        </div>
      </div>
      <footer className={classes.foot}>
        <Button variant="default" leftSection={<ArrowLeft size={14} />} onClick={onMap}>
          {t('step.map')}
        </Button>
        <span className={classes.hint}>{t('check.undoHint')}</span>
        {can('customer:import') && (
          <Button
            leftSection={<Play size={14} />}
            disabled={taken === 0}
            loading={run.isPending}
            onClick={() => run.mutate()}
          >
            {taken === 0 ? t('check.nothing') : t('check.run', { count: taken, shown: number(taken) })}
          </Button>
        )}
      </footer>
    </div>
  );
}
