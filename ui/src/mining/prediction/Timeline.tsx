// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { Prediction } from './api';
import classes from './Prediction.module.css';

const day = 86_400_000;
const rows = ['learn', 'test', 'score'] as const;

/** What was known | time to act | what was to be foreseen, for learning, test and scores. */
export function Timeline({ result }: { result: Prediction }) {
  const { t } = useTranslation('mining');
  const { date } = useFormat();
  const at = (text: string) => Date.parse(text) / day;
  const gap = result.settings.gap_days ?? 0;
  const step = gap + result.settings.horizon_days;
  const starts = { learn: at(result.learned_on), test: at(result.tested_on), score: at(result.scored_on) };
  const end = starts.score + step;
  // Not more than two steps of what was known are drawn, or the windows become slivers.
  const first = Math.max(at(result.first_on), starts.learn - 2 * step);
  const isCut = first > at(result.first_on);
  const share = (from: number, to: number) => `${(100 * (to - from)) / (end - first)}%`;
  const text = (days: number) => date(new Date(days * day).toISOString().slice(0, 10));
  return (
    <figure className={classes.timeline} aria-label={t('finding.prediction.line')}>
      {rows.map((row) => {
        const from = starts[row];
        return (
          <div key={row} className={classes.row}>
            <strong>{t(`finding.prediction.rows.${row}`)}</strong>
            <div className={classes.track}>
              <span
                className={classes.known}
                style={{ width: share(first, from) }}
                data-cut={isCut || undefined}
                title={t('finding.prediction.knownTitle', { from: date(result.first_on), to: text(from) })}
              >
                {t('finding.prediction.known')}
              </span>
              {gap > 0 && (
                <span
                  className={classes.gap}
                  style={{ width: share(0, gap) }}
                  title={t('finding.prediction.gapTitle', { n: gap })}
                />
              )}
              <span
                className={classes.window}
                data-open={row === 'score' || undefined}
                style={{ width: share(0, step - gap) }}
                title={`${text(from + gap)} – ${text(from + step)}`}
              >
                {row === 'score' ? '?' : t('finding.prediction.answer')}
              </span>
            </div>
            <span className={classes.dates}>
              {t('finding.prediction.span', { day: text(from), from: text(from + gap), to: text(from + step) })}
            </span>
          </div>
        );
      })}
      <figcaption>{t('finding.prediction.lineHint')}</figcaption>
    </figure>
  );
}
