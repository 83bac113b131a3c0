// SPDX-License-Identifier: Apache-2.0
import { CircleAlert, CircleCheck, CircleHelp, CircleMinus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { Result, Verdict } from '../api';
import { points } from '../interval';
import styles from './Result.module.css';

const looks: Record<Verdict, { icon: typeof CircleCheck; tone: string }> = {
  effect_positive: { icon: CircleCheck, tone: 'var(--teal)' },
  effect_negative: { icon: CircleAlert, tone: 'var(--red)' },
  no_effect_shown: { icon: CircleMinus, tone: 'var(--grey)' },
  too_few: { icon: CircleHelp, tone: 'var(--grey)' },
  no_control: { icon: CircleHelp, tone: 'var(--amber)' },
};

/** The result in words: what can be said, and how sure it is. */
export function Sentence({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { percent, date } = useFormat();
  const { rate, verdict } = result;
  const { icon: Icon, tone } = looks[verdict];
  const values = {
    treatment: percent(rate.treatment, 2),
    control: percent(rate.control, 2),
    difference: points(rate.difference),
    low: points(rate.low),
    high: points(rate.high),
  };
  return (
    <section className={styles.sentence} style={{ '--tone': tone } as React.CSSProperties}>
      <span className={styles.badge}>
        <Icon size={20} aria-hidden />
      </span>
      <div>
        <h2>{t(`sentence.${verdict}`, values)}</h2>
        <p>
          {t(`sure.${verdict}`, values)}{' '}
          {!result.is_final && result.window_to && t('notFinal', { date: date(result.window_to) })}
        </p>
      </div>
    </section>
  );
}
