// SPDX-License-Identifier: Apache-2.0
import { Alert } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, Stat } from '@/shared/page';
import classes from '../Finding.module.css';
import type { Prediction } from './api';
import { Columns } from './Columns';
import { Curves } from './Curves';
import { Drivers } from './Drivers';
import { Models } from './Models';
import { People } from './People';
import { Timeline } from './Timeline';

/** Words first, then the time line, pictures, the people with reasons. */
export function PredictionResult({ result }: { result: Prediction }) {
  const { t, i18n } = useTranslation('mining');
  const { number, percent } = useFormat();
  const { study } = result;
  const isKorean = i18n.language.startsWith('ko');
  return (
    <div className={classes.stack}>
      {result.is_challenger && result.compared && (
        <Alert color="cyan">
          {t('finding.prediction.challenger', {
            champion: number(result.compared.champion_auc, 3),
            challenger: number(result.compared.challenger_auc, 3),
          })}{' '}
          <Link to="/models/$event" params={{ event: result.settings.event }}>
            {t('finding.prediction.toModel')}
          </Link>
        </Alert>
      )}
      {result.is_deployed && (
        <Alert color="teal">
          {t('finding.prediction.inUse')}{' '}
          <Link to="/models/$event" params={{ event: result.settings.event }}>
            {t('finding.prediction.toModel')}
          </Link>
        </Alert>
      )}
      <div className={classes.words}>
        {study.statements
          .filter((s) => !s.code.startsWith('column_') && s.code !== 'profit') // panels of their own say it
          .map((s) => (
            <p key={s.ko}>{isKorean ? s.ko : s.en}</p>
          ))}
      </div>
      <Panel title={t('finding.prediction.line')}>
        <Timeline result={result} />
      </Panel>
      <div className={classes.stats}>
        <Stat
          label="AUC"
          value={number(study.test.auc, 3)}
          note={`${number(study.test.auc_low, 3)} – ${number(study.test.auc_high, 3)}`}
        />
        <Stat label={t('finding.prediction.lift')} value={`${number(study.test.lift_10, 2)}×`} />
        <Stat
          label={t('finding.prediction.model')}
          value={t(`finding.models.${study.model}` as 'finding.models.boost')}
        />
        <Stat
          label={t('finding.prediction.base')}
          value={percent(study.target.yes / Math.max(1, study.target.rows), 1)}
          note={t('finding.prediction.balance', {
            yes: number(study.target.yes),
            no: number(study.target.rows - study.target.yes),
          })}
        />
        <Stat
          label={t('finding.prediction.testRate')}
          value={percent(study.test.positives / Math.max(1, study.test.rows), 1)}
          note={t('finding.prediction.balance', {
            yes: number(study.test.positives),
            no: number(study.test.rows - study.test.positives),
          })}
        />
      </div>
      <People result={result} />
      <Models study={study} />
      <Curves result={result} />
      <Drivers study={study} labels={result.labels} />
      <Columns notices={study.notices ?? []} labels={result.labels} />
    </div>
  );
}
