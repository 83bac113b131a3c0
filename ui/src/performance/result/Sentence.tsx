// SPDX-License-Identifier: Apache-2.0
import { CircleAlert, CircleCheck, CircleHelp, CircleMinus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useFormat } from '@/shared/format';
import { isCompared, type Result, type Verdict } from '../api';
import { points } from '../interval';
import styles from './Result.module.css';

const looks: Record<Verdict, { icon: typeof CircleCheck; tone: string }> = {
  effect_positive: { icon: CircleCheck, tone: 'var(--teal)' },
  effect_negative: { icon: CircleAlert, tone: 'var(--red)' },
  no_effect_shown: { icon: CircleMinus, tone: 'var(--grey)' },
  too_few: { icon: CircleHelp, tone: 'var(--grey)' },
  no_control: { icon: CircleHelp, tone: 'var(--amber)' },
};

const told = [
  'revenue_effect_positive',
  'revenue_effect_negative',
  'revenue_no_effect_shown',
  'revenue_too_few',
  'roi_positive',
  'roi_negative',
  'roi_open',
  'unknown',
];

/** What else can be said: of revenue, of the return, of what is not known. */
function Statements({ result }: { result: Result }) {
  const { money, number } = useFormat();
  const lines = result.statements.flatMap(({ code, fields }) => {
    if (!told.includes(code) || (code !== 'unknown' && !isCompared(result))) return [];
    const write = (value: number | string) =>
      code.startsWith('revenue') ? money(Number(value), result.currency) : number(Number(value), 1);
    const values = Object.fromEntries(
      Object.entries(fields ?? {}).map(([name, value]) => [name, name === 'currency' ? value : write(value)]),
    );
    return [translate(`performance:statement.${code}`, code, values)];
  });
  if (lines.length === 0) return null;
  return (
    <ul className={styles.statements}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** The result in words: what can be said, and how sure it is. */
export function Sentence({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { percent, date } = useFormat();
  const { conversion, verdict, window } = result;
  const { icon: Icon, tone } = looks[verdict];
  const values = {
    treatment: percent(conversion.treatment, 2),
    control: percent(conversion.control, 2),
    difference: points(conversion.difference),
    low: points(conversion.low),
    high: points(conversion.high),
    detectable: points(result.detectable).replace('+', ''),
  };
  return (
    <section className={styles.sentence} style={{ '--tone': tone } as React.CSSProperties}>
      <span className={styles.badge}>
        <Icon size={20} aria-hidden />
      </span>
      <div>
        <h2>{t(`sentence.${verdict}`, values)}</h2>
        <p>
          {t(`sure.${verdict}`, values)} {!window.is_complete && window.to && t('notFinal', { date: date(window.to) })}
        </p>
        <Statements result={result} />
      </div>
    </section>
  );
}
