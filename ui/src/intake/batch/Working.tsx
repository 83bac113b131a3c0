// SPDX-License-Identifier: Apache-2.0
import { Button, Progress } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm } from '@/shared/page';
import { cancelBatch, countsOf, outcomes, type Batch } from '../api';
import classes from './Batch.module.css';

/** A batch at work: how far it is, how long it will take, and the way out. */
export function Working({ batch }: { batch: Batch }) {
  const { t } = useTranslation('intake');
  const { number, percent, duration } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const counts = countsOf(batch);
  const done = batch.done ?? counts.rows;
  const speed = batch.rate ?? 0;
  const share = batch.total > 0 ? Math.min(1, done / batch.total) : 0;
  const cancel = useMutation({
    mutationFn: () => cancelBatch(batch.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['batches'] }),
  });
  const ask = async () => {
    const sure = await confirm({
      title: t('cancel.title'),
      text: t(batch.state === 'trying' ? 'cancel.check' : 'cancel.text'),
      action: t('cancel.action'),
      danger: true,
    });
    if (sure) cancel.mutate();
  };
  const state = batch.state as 'prepared' | 'trying' | 'running' | 'undoing';
  return (
    <div className={classes.working}>
      <h2>{t(`working.${state}`)}</h2>
      <Progress
        size="lg"
        value={share * 100}
        animated={share === 0}
        striped={share === 0}
        aria-label={t('batch.progress')}
      />
      <div className={classes.meter} aria-live="polite">
        <span>
          {number(done)} / {batch.total > 0 ? number(batch.total) : '…'} {share > 0 && `· ${percent(share, 0)}`}
        </span>
        {speed > 0 && batch.total > done && (
          <span>
            {t('working.speed', { rows: number(speed) })} ·{' '}
            {t('working.left', { time: duration((batch.total - done) / speed) })}
          </span>
        )}
      </div>
      {state === 'running' && (
        <dl className={classes.soFar}>
          {outcomes.map((outcome) => (
            <div key={outcome}>
              <dt>{t(`outcome.${outcome}`)}</dt>
              <dd>{number(counts[outcome])}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="dim" style={{ margin: 0 }}>
        {t('working.leave')}
      </p>
      <div className={classes.row}>
        <Button variant="default" renderRoot={(props) => <Link to="/import" {...props} />}>
          {t('working.back')}
        </Button>
        {can('customer:import') && state !== 'undoing' && (
          <Button variant="subtle" color="red" onClick={() => void ask()} loading={cancel.isPending}>
            {t('cancel.action')}
          </Button>
        )}
      </div>
    </div>
  );
}
