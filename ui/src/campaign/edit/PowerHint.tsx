// SPDX-License-Identifier: Apache-2.0
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { detectable } from '../power';
import styles from './Edit.module.css';

interface PowerHintProps {
  treatment: number;
  control: number;
  rate: number;
}

/** The rulebook's advice: at least 500 people in the control group if there are so many (3.7). */
const LEAST = 500;
/** A group that can only show a difference as large as the base rate itself shows nothing useful. */
const COARSE = 0.6;

/** Says in words how small an effect the groups can show. */
export function PowerHint({ treatment, control, rate }: PowerHintProps) {
  const { t } = useTranslation('campaign');
  const { number, percent } = useFormat();
  const smallest = detectable(treatment, control, rate);
  const isWeak = smallest === undefined || smallest > rate * COARSE || control < LEAST;
  const Icon = isWeak ? TriangleAlert : CircleCheck;
  return (
    <div className={styles.hint} data-weak={isWeak || undefined} role="status">
      <Icon size={16} aria-hidden />
      <div>
        {smallest === undefined
          ? t('power.none')
          : t('power.shows', { from: percent(rate, 1), to: percent(Math.min(1, rate + smallest), 1) })}
        {isWeak && smallest !== undefined && (
          <small>{control < LEAST ? t('power.small', { least: number(LEAST) }) : t('power.coarse')}</small>
        )}
      </div>
    </div>
  );
}
