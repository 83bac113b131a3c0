// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/page';
import classes from './Quality.module.css';

const dimensions = ['completeness', 'validity', 'consistency', 'freshness', 'uniqueness'] as const;

/** What each dimension means, and where the definition comes from. */
export function Definitions() {
  const { t } = useTranslation('dataquality');
  return (
    <Panel title={t('definitions')}>
      <dl className={classes.definitions}>
        {dimensions.map((dimension) => (
          <div key={dimension}>
            <dt>{t(`dimension.${dimension}`)}</dt>
            <dd>{t(`meaning.${dimension}`)}</dd>
          </div>
        ))}
      </dl>
      <p className="dim" style={{ margin: '10px 0 0' }}>
        {t('definitionsFrom')}
      </p>
    </Panel>
  );
}
