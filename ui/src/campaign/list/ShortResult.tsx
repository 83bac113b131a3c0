// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { Campaign } from '../api';
import styles from './List.module.css';

/** What came of a campaign in a few words: clicks and refusals of those who got it. */
export function ShortResult({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { percent } = useFormat();
  const { handed_over: handed, delivered, clicked, unsubscribed } = campaign.counts;
  const got = handed + delivered;
  if (got === 0) return <span className="dim">–</span>;
  return (
    <span className={styles.result}>
      {campaign.is_tracked && (
        <span className="num">
          {t('ledger.clicked')} {percent(clicked / got)}
        </span>
      )}
      <span className="num dim">
        {t('ledger.unsubscribed')} {percent(unsubscribed / got)}
      </span>
    </span>
  );
}
