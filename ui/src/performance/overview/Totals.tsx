// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Stat } from '@/shared/page';
import type { Totals as Sums } from './rows';
import styles from './Overview.module.css';

/** The executives' strip: all campaigns in six numbers. */
export function Totals({ totals, currency }: { totals: Sums; currency: string }) {
  const { t } = useTranslation('performance');
  const { number, percent, moneyCompact } = useFormat();
  const { sent } = totals;
  return (
    <div className={styles.totals}>
      <Stat label={t('overview.campaigns')} value={number(totals.campaigns)} />
      <Stat label={t('funnel.sent')} value={number(sent)} />
      <Stat
        label={t('money.revenue')}
        value={moneyCompact(Math.round(totals.revenue), currency)}
        note={t('overview.beyond')}
      />
      <Stat label={t('cost.title')} value={moneyCompact(totals.cost, currency)} />
      <Stat
        label="ROI"
        value={totals.roi === undefined ? '–' : percent(totals.roi, 0)}
        tone={totals.roi === undefined ? undefined : totals.roi > 0 ? 'good' : 'bad'}
        note={totals.roi === undefined ? t('overview.noCost') : undefined}
      />
      <Stat
        label={t('funnel.unsubscribed')}
        value={percent(sent > 0 ? totals.unsubscribed / sent : 0, 2)}
        note={t('people', { count: totals.unsubscribed })}
      />
    </div>
  );
}
