// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { PanelProps } from '@/app/capability';
import { useLabel as useText } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, Status } from '@/shared/page';
import { customerScoresQuery } from './api';
import classes from './Prediction.module.css';

const tones = { high: 'red', middle: 'amber', low: 'grey' } as const;

/** What the models in use say of a customer, and why. */
export function CustomerScores({ customerId }: PanelProps) {
  const { t } = useTranslation('mining');
  const { percent, dateTime } = useFormat();
  const text = useText();
  const scores = useQuery(customerScoresQuery(customerId));
  const items = scores.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Panel title={t('scores.title')}>
      <div className={classes.scores}>
        {items.map((s) => (
          <div key={s.event} className={classes.score}>
            <div>
              <Link to="/models/$event" params={{ event: s.event }}>
                {text(s.target)}
              </Link>
              <span>
                <strong className="num">{percent(s.score, 1)}</strong>{' '}
                <Status
                  tone={
                    s.event === 'stops' || s.event === 'refuses' || s.event === 'returns' ? tones[s.band] : 'accent'
                  }
                >
                  {t(`scores.bands.${s.band}`)}
                </Status>
              </span>
            </div>
            <span className={classes.note}>
              {t('scores.against', { share: percent(s.share, 1), decile: s.decile })}
              {s.scored_at && ` · ${dateTime(s.scored_at)}`}
            </span>
            {text(s.reason) && <span>{t('scores.because', { reasons: text(s.reason) })}</span>}
          </div>
        ))}
        <span className={classes.note}>{t('scores.hint')}</span>
      </div>
    </Panel>
  );
}
