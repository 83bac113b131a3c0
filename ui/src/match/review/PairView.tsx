// SPDX-License-Identifier: Apache-2.0
import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Query } from '@/shared/page';
import { pairQuery, type PairDetail } from '../api';
import classes from './Review.module.css';
import { SideCard } from './SideCard';
import { Waterfall } from './Waterfall';

const conflicts = ['key', 'kind', 'person', 'parted'] as const;
const remarks = ['live', 'name', 'group', 'consent'] as const;

/** One pair side by side with what speaks for and against. */
export function PairView({ id }: { id: number }) {
  const result = useQuery(pairQuery(id));
  return <Query result={result}>{(detail) => <Detail detail={detail} />}</Query>;
}

function Detail({ detail }: { detail: PairDetail }) {
  const { t } = useTranslation('match');
  const conflict = conflicts.find((one) => one === detail.conflict);
  const remark = remarks.find((one) => one === detail.remark);
  return (
    <>
      {conflict && (
        <Alert color="red" title={t('pair.conflict')}>
          {t(`conflict.${conflict}`)}
        </Alert>
      )}
      {remark && remark !== 'live' && <Alert color="amber">{t(`remark.${remark}`)}</Alert>}
      <div className={classes.sides}>
        <SideCard side={detail.left} />
        <SideCard side={detail.right} />
      </div>
      {detail.steps && detail.steps.length > 0 ? (
        <Waterfall detail={detail} />
      ) : (
        <Alert color="gray">{t('pair.noSteps')}</Alert>
      )}
    </>
  );
}
