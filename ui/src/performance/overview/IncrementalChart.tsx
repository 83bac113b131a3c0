// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import { IntervalChart, type IntervalRow } from '../IntervalChart';
import { isCompared } from '../api';
import type { Row } from './rows';
import styles from './Overview.module.css';

const MOST = 10;

/** What the newest campaigns brought beyond the control group, with intervals: who touches zero has shown nothing. */
export function IncrementalChart({ rows, currency }: { rows: Row[]; currency: string }) {
  const { t } = useTranslation('performance');
  const { moneyCompact } = useFormat();
  const shown = useMemo<IntervalRow[]>(
    () =>
      rows
        .filter(({ result }) => isCompared(result))
        .slice(0, MOST)
        .map(({ campaign, result: { incremental_revenue: revenue } }) => ({
          label: campaign.name,
          ...revenue,
          tone: revenue.low > 0 ? 'good' : revenue.high < 0 ? 'bad' : 'quiet',
        })),
    [rows],
  );
  const asMoney = useMemo(() => (value: number) => moneyCompact(Math.round(value), currency), [moneyCompact, currency]);
  return (
    <Panel title={t('overview.chart')} aside={t('overview.chartHint')}>
      {shown.length > 0 ? (
        <IntervalChart rows={shown} label={t('overview.chart')} format={asMoney} zero rowHeight={44} />
      ) : (
        <p className={styles.none}>{t('overview.noControl')}</p>
      )}
    </Panel>
  );
}
