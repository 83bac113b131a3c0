// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import type { Result } from '../api';
import styles from './Result.module.css';

/** From those who were chosen to those who bought. */
export function Funnel({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { number, percent } = useFormat();
  const { counts } = result;
  const of = Math.max(1, result.treatment.people);
  const steps = [
    { id: 'assigned', count: result.treatment.people },
    { id: 'sent', count: result.sent },
    { id: 'clicked', count: counts.clicked },
    { id: 'bought', count: result.treatment.buyers },
  ] as const;
  const after = [
    { id: 'bounced', count: counts.bounced },
    { id: 'failed', count: counts.failed },
    { id: 'unknown', count: counts.unknown },
    { id: 'unsubscribed', count: counts.unsubscribed },
  ] as const;
  return (
    <Panel title={t('funnel.title')}>
      <ol className={styles.funnel}>
        {steps.map(({ id, count }) => (
          <li key={id}>
            <span>{t(`funnel.${id}`)}</span>
            <span className={styles.bar} aria-hidden>
              <span style={{ width: `${(100 * count) / of}%` }} />
            </span>
            <span className="num">{number(count)}</span>
            <span className="num dim">{percent(count / of)}</span>
          </li>
        ))}
      </ol>
      <dl className={styles.after}>
        {after.map(({ id, count }) => (
          <div key={id}>
            <dt>{t(`funnel.${id}`)}</dt>
            <dd>
              {number(count)} <small>{percent(result.sent > 0 ? count / result.sent : 0, 2)}</small>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
