// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import type { Result } from '../api';
import { IntervalChart, type IntervalRow } from '../IntervalChart';
import styles from './Result.module.css';

const toneOf = ({ low, high }: { low: number; high: number }): IntervalRow['tone'] =>
  low > 0 ? 'good' : high < 0 ? 'bad' : 'quiet';

/** What would not have been sold without the campaign, and what is left of it after costs. */
export function MoneyPanel({ result }: { result: Result }) {
  const { t, i18n } = useTranslation('performance');
  const { moneyCompact } = useFormat();
  const { incremental_revenue: revenue, incremental_margin: margin, currency } = result;
  const cost = result.cost.total;
  const rows = useMemo<IntervalRow[]>(
    () => {
      const profit = { value: margin.value - cost, low: margin.low - cost, high: margin.high - cost };
      return [
        { label: t('money.revenue'), ...revenue, tone: toneOf(revenue) },
        { label: t('money.profit'), ...profit, tone: toneOf(profit) },
      ];
    },
    // The labels change with the language.
    // oxlint-disable-next-line react/exhaustive-deps
    [revenue, margin, cost, i18n.language],
  );
  const asMoney = useMemo(() => (value: number) => moneyCompact(Math.round(value), currency), [moneyCompact, currency]);
  return (
    <Panel title={t('money.title')} aside={t('money.hint')} flush>
      <div className={styles.chart}>
        <IntervalChart rows={rows} label={t('money.title')} format={asMoney} zero />
      </div>
    </Panel>
  );
}
