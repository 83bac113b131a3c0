// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { countsOf, outcomes, type Batch } from '../api';
import classes from './Batch.module.css';

/** What the tabs below the counts show. */
export type OutcomeTab = (typeof outcomes)[number] | 'findings';

interface OutcomesProps {
  batch: Batch;
  /** True before the rows are in: "would be created". */
  dry: boolean;
  value: OutcomeTab;
  onChange: (tab: OutcomeTab) => void;
}

/** What became (or would become) of the rows, as counts that choose what is listed below. */
export function Outcomes({ batch, dry, value, onChange }: OutcomesProps) {
  const { t } = useTranslation('intake');
  const { number, percent } = useFormat();
  const counts = countsOf(batch);
  const shareOf = (part: number, all: number) => {
    const share = all > 0 ? part / all : 0;
    return percent(share, share > 0 && share < 0.001 ? 2 : 1);
  };
  const tabs: OutcomeTab[] = [...outcomes, 'findings'];
  const walk = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && tabs[(tabs.indexOf(value) + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChange(next);
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[tabs.indexOf(next)]?.focus();
  };
  return (
    <div className={classes.outcomes} role="tablist" aria-label={t('batch.counts')} onKeyDown={walk}>
      {tabs.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          className={classes.outcome}
          aria-selected={tab === value}
          tabIndex={tab === value ? 0 : -1}
          data-bad={(tab === 'rejected' && counts.rejected > 0) || undefined}
          onClick={() => onChange(tab)}
        >
          <span>{t(`${dry ? 'dry' : 'outcome'}.${tab}`)}</span>
          <strong>{number(counts[tab])}</strong>
          <small>{tab === 'findings' ? t('outcome.findingsNote') : shareOf(counts[tab], counts.rows)}</small>
        </button>
      ))}
    </div>
  );
}
