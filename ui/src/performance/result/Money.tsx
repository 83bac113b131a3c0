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
  const { incremental_revenue: revenue, margin_share: share, cost, currency } = result;
  const rows = useMemo<IntervalRow[]>(
    () => {
      const margin = share / 10_000;
      const profit = {
        value: revenue.value * margin - cost,
        low: revenue.low * margin - cost,
        high: revenue.high * margin - cost,
      };
      return [
        { label: t('money.revenue'), ...revenue, tone: toneOf(revenue) },
        { label: t('money.profit'), ...profit, tone: toneOf(profit) },
      ];
    },
    // The labels change with the language.
    // oxlint-disable-next-line react/exhaustive-deps
    [revenue, share, cost, i18n.language],
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
