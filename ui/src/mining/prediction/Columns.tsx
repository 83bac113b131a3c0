// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, Status, type Tone } from '@/shared/page';
import type { Notice } from './api';
import classes from './Prediction.module.css';
import { useLabel } from './useLabel';

const alarms = new Set(['leak', 'late', 'suspicious', 'as_of_today']);

interface ColumnsProps {
  notices: Notice[];
  labels: Record<string, [string, string]>;
  /** Nothing is foreseen: columns and answers are both as of today. */
  isToday?: boolean;
}

/** Columns that were left out, or are used with a warning, and why. */
export function Columns({ notices, labels, isToday }: ColumnsProps) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const label = useLabel(labels);
  const tone = (n: Notice): Tone => (alarms.has(n.code) ? (n.is_used ? 'amber' : 'red') : 'grey');
  return (
    <Panel title={t('finding.prediction.columns')}>
      {notices.length === 0 ? (
        <p className={classes.note}>{t('finding.prediction.noNotices')}</p>
      ) : (
        <ul className={classes.notices}>
          {notices.map((n) => (
            <li key={n.column + n.code}>
              <strong>{label(n.column)}</strong>
              <Status tone={tone(n)}>{t(n.is_used ? 'finding.prediction.used' : 'finding.prediction.leftOut')}</Status>
              <span>
                {t(`finding.prediction.notices.${n.code}` as 'finding.prediction.notices.leak', {
                  auc: number(Math.max(n.value ?? 0, n.held ?? 0), 3),
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className={classes.note}>{t(isToday ? 'finding.lookalike.columnsHint' : 'finding.prediction.columnsHint')}</p>
    </Panel>
  );
}
