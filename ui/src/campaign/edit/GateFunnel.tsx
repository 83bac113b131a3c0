// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { Counts } from '../api';
import { byCount, reasonLabel, reasonRemedy } from '../reasons';
import styles from './Edit.module.css';

interface LineProps {
  label: string;
  hint?: string;
  count: number;
  of: number;
  tone: 'plain' | 'out' | 'good' | 'control';
}

function Line({ label, hint, count, of, tone }: LineProps) {
  const { number } = useFormat();
  return (
    <div className={styles.line} data-tone={tone}>
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
      <span className={styles.bar} aria-hidden>
        <span style={{ width: `${of > 0 ? Math.max(count > 0 ? 0.5 : 0, (100 * count) / of) : 0}%` }} />
      </span>
      <span className="num">
        {tone === 'out' && count > 0 ? '−' : ''}
        {number(count)}
      </span>
    </div>
  );
}

/** From the segment to those who get the message: who is left out on the way, and why. */
export function GateFunnel({ counts }: { counts: Counts }) {
  const { t } = useTranslation('campaign');
  const skipped = byCount(counts.skipped_for);
  const of = counts.total;
  return (
    <div className={styles.funnel}>
      <Line label={t('check.segment')} count={of} of={of} tone="plain" />
      {skipped.map(({ reason, count }) => (
        <Line
          key={reason}
          label={reasonLabel(reason)}
          hint={reasonRemedy(reason) || undefined}
          count={count}
          of={of}
          tone="out"
        />
      ))}
      <Line label={t('check.control')} hint={t('check.controlHint')} count={counts.control} of={of} tone="control" />
      <Line label={t('check.treatment')} count={counts.planned} of={of} tone="good" />
      <p className="dim" style={{ margin: 0 }}>
        {t('check.again')}
      </p>
    </div>
  );
}
