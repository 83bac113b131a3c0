// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { TrendingDown, TrendingUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import { VerdictBadge } from '../VerdictBadge';
import { isCompared } from '../api';
import type { Row } from './rows';
import styles from './Overview.module.css';

const SHOWN = 3;

/** Revenue beyond the control group decides: not every campaign has its costs entered. */
const byRevenue = (a: Row, b: Row) => b.result.incremental_revenue.value - a.result.incremental_revenue.value;

function List({ rows, currency }: { rows: Row[]; currency: string }) {
  const { moneyCompact } = useFormat();
  return (
    <ol className={styles.ranks}>
      {rows.map(({ campaign, result }) => (
        <li key={campaign.id}>
          <span className="ellipsis">
            <Link to="/campaigns/$id/result" params={{ id: String(campaign.id) }}>
              {campaign.name}
            </Link>
          </span>
          <VerdictBadge verdict={result.verdict} />
          <span className="num">{moneyCompact(Math.round(result.incremental_revenue.value), currency)}</span>
        </li>
      ))}
    </ol>
  );
}

/** The campaigns that brought the most and the least. */
export function BestWorst({ rows, currency }: { rows: Row[]; currency: string }) {
  const { t } = useTranslation('performance');
  const measured = rows.filter(({ result }) => isCompared(result)).sort(byRevenue);
  const best = measured.slice(0, SHOWN);
  const worst = measured.slice(SHOWN).slice(-SHOWN).toReversed();
  return (
    <Panel title={t('overview.ranks')}>
      {measured.length === 0 && <p className={styles.none}>{t('overview.noControl')}</p>}
      {best.length > 0 && (
        <>
          <h3 className={styles.rankHead}>
            <TrendingUp size={15} aria-hidden /> {t('overview.best')}
          </h3>
          <List rows={best} currency={currency} />
        </>
      )}
      {worst.length > 0 && (
        <>
          <h3 className={styles.rankHead}>
            <TrendingDown size={15} aria-hidden /> {t('overview.worst')}
          </h3>
          <List rows={worst} currency={currency} />
        </>
      )}
    </Panel>
  );
}
