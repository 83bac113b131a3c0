// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import classes from '../Rfm.module.css';
import type { ValueResult } from './api';
import { Flow } from './Flow';

/** Who moved between RFM groups. */
export function Movement({ result }: { result: ValueResult }) {
  const { t } = useTranslation('mining');
  const { date } = useFormat();
  const label = useLabel();
  const title = t('value.moved', { from: date(result.compared_on), to: date(result.at) });
  const names = [...result.group_names.map((group) => label(group.label)), t('value.notYet')];
  return (
    <div className={classes.stack}>
      <Panel title={title} aside={t('value.allPurchases')}>
        <Flow label={title} names={names} moves={result.groups} />
      </Panel>
    </div>
  );
}
