// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Ago, reasonText, useFormat } from '@/shared/format';
import { Status } from '@/shared/page';
import type { Explain, Segment } from './api';
import classes from './Segment.module.css';

const MICROS = 1000;

/** Which engine answered; the reason is its title. */
export function Engine({ explain }: { explain: Explain }) {
  const { t } = useTranslation('segment');
  return <span title={reasonText(explain.why)}>{t(`engine.${explain.engine}`)}</span>;
}

/** Whether the members are up to date, when and how they were found out, and when time alone may change them. */
export function StateLine({ segment }: { segment: Segment }) {
  const { t } = useTranslation('segment');
  const { number, date } = useFormat();
  const { state } = segment;
  const problem = state?.problem || segment.problem;
  if (!state) return <Status tone="cyan">{t('state.first')}</Status>;
  return (
    <div className={classes.state}>
      <Status tone={state.state === 'fresh' ? 'teal' : 'red'}>{t(`state.${state.state}`)}</Status>
      <span>
        {t('state.run')} <Ago at={state.started_at} />
      </span>
      <span>{t('state.took', { ms: number(state.took_us / MICROS, 1) })}</span>
      <span>
        {t(state.scope === 'touched' ? 'state.touched' : 'state.everybody', {
          count: state.asked,
          shown: number(state.asked),
        })}
      </span>
      <Engine explain={state.explain} />
      {state.flips_on && <span>{t('state.flips', { on: date(state.flips_on) })}</span>}
      {problem && (
        <p role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
