// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLabel as useText } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Facts, Panel } from '@/shared/page';
import type { ModelCard } from './api';
import styles from './Prediction.module.css';

/** The model card: what it is, what it learned from, how good it is, where not to trust it. */
export function Card({ card }: { card: ModelCard }) {
  const { t } = useTranslation('mining');
  const { number, percent, date } = useFormat();
  const text = useText();
  const used = (card.columns ?? []).map((c) => text(c.label)).join(', ');
  const leftOut = (card.left_out ?? []).map(
    (c) =>
      `${text(c.label)} (${t(`finding.prediction.notices.${c.code}` as 'finding.prediction.notices.leak', { auc: number(c.auc ?? 0, 3) })})`,
  );
  const facts = [
    { label: t('models.question'), value: text(card.target) },
    {
      label: t('finding.prediction.model'),
      value: t(`finding.models.${card.model}` as 'finding.models.boost'),
    },
    {
      label: t('models.learned'),
      value: t('models.learnedValue', {
        day: date(card.learned_on),
        until: date(card.tested_on),
        n: number(card.rows_learned),
        rate: percent(card.yes_rate, 1),
      }),
    },
    {
      label: t('models.tested'),
      value: t('models.testedValue', {
        day: date(card.tested_on),
        until: date(card.scored_on),
        n: number(card.test.rows),
        auc: number(card.test.auc, 3),
        low: number(card.test.auc_low, 3),
        high: number(card.test.auc_high, 3),
        lift: number(card.test.lift_10, 1),
        slope: number(card.test.calibration_slope, 2),
      }),
    },
    { label: t('models.uses'), value: used },
    ...(leftOut.length > 0 ? [{ label: t('models.leftOut'), value: leftOut.join(' · ') }] : []),
    {
      label: t('models.limits'),
      value: (
        <ul className={styles.list}>
          {card.limits.map((l) => (
            <li key={l.ko}>{text(l)}</li>
          ))}
        </ul>
      ),
    },
    {
      label: t('models.origin'),
      value: card.is_imported ? (
        t('models.fromFile')
      ) : (
        <>
          {t('models.repeat', { seq: number(card.data_seq), seed: card.seed })}{' '}
          {card.run_id !== undefined && card.run_id > 0 && (
            <Link to="/prediction" search={{ run: card.run_id } as never}>
              {t('models.seeRun')}
            </Link>
          )}
        </>
      ),
    },
  ];
  return (
    <Panel title={t('models.card')}>
      <Facts facts={facts} labelWidth={110} />
    </Panel>
  );
}
