// SPDX-License-Identifier: Apache-2.0
import { Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { Phase, Run } from '../api';
import classes from './Run.module.css';

const phases: Phase[] = ['read', 'score', 'plan', 'link', 'index'];

/** How far a working run is: the phases, and the progress of the one at hand. */
export function RunProgress({ run }: { run: Run }) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const share = run.progress_total > 0 ? (100 * run.progress_done) / run.progress_total : 0;
  const at = phases.indexOf(run.phase);
  return (
    <div className={classes.progress} aria-live="polite">
      {run.state !== 'undoing' && (
        <ol className={classes.phases}>
          {phases.map((phase, i) => (
            <li key={phase} data-done={i < at || undefined} data-now={i === at || undefined}>
              {t(`phase.${phase}`)}
            </li>
          ))}
        </ol>
      )}
      <Progress value={share || 100} animated={share === 0} striped={share === 0} aria-label={t('run.progress')} />
      <span className="dim num">
        {run.progress_total > 0
          ? `${number(run.progress_done)} / ${number(run.progress_total)}`
          : t(run.state === 'undoing' ? 'state.undoing' : run.state === 'queued' ? 'state.queued' : 'run.working')}
      </span>
    </div>
  );
}
