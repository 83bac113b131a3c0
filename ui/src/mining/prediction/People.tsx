// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import { FindingMenu } from '../actions';
import classes from '../Finding.module.css';
import { useLevelName } from '../useColumnName';
import type { Prediction, Reason } from './api';
import { useLabel } from './useLabel';

/** The field of customers that holds the band of an event. */
const fields = {
  stops: 'leave_band',
  buys: 'buy_band',
  answers: 'answer_band',
  refuses: 'refuse_band',
  returns: 'return_band',
} as const;

/** The bands of scores with what to do about them, and the customers on top with reasons. */
export function People({ result }: { result: Prediction }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const { event, category, product } = result.settings;
  const canGo = result.is_deployed || result.is_challenger;
  return (
    <div className={classes.split}>
      <Panel title={t('finding.prediction.bands')} flush>
        <SimpleTable
          label={t('finding.prediction.bands')}
          rows={result.bands}
          rowKey={(b) => b.band}
          columns={[
            { id: 'b', header: t('finding.prediction.band'), cell: (b) => t(`finding.bands.${b.band}`) },
            { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (b) => number(b.customers) },
            { id: 's', header: t('finding.prediction.score'), align: 'end', cell: (b) => percent(b.mean_score, 1) },
            {
              id: 'a',
              header: '',
              align: 'end',
              cell: (b) =>
                canGo && (
                  <FindingMenu
                    name={t('finding.prediction.people', {
                      event: t(`finding.prediction.short.${event}`, { what: product ?? category ?? '' }),
                      band: t(`finding.bands.${b.band}`),
                    })}
                    rules={[{ field: fields[event], is: 'eq', value: b.band }]}
                    category={category}
                  />
                ),
            },
          ]}
        />
        {!canGo && <p className={classes.inset}>{t('finding.prediction.notInUse')}</p>}
      </Panel>
      <Best
        title={t('finding.prediction.best')}
        score={t('finding.prediction.score')}
        rows={result.best}
        labels={result.labels}
      />
    </div>
  );
}

interface BestProps {
  title: string;
  score: string;
  rows: Prediction['best'];
  labels: Prediction['labels'];
}

/** The customers on top, with what raised and lowered their scores. */
export function Best({ title, score, rows, labels }: BestProps) {
  const { t } = useTranslation('mining');
  const { percent } = useFormat();
  return (
    <Panel title={title} flush>
      <div className={classes.tall}>
        <SimpleTable
          label={title}
          rows={rows ?? []}
          rowKey={(c) => c.customer_id}
          columns={[
            {
              id: 'c',
              header: t('finding.customer'),
              cell: (c) => (
                <Link to="/customers/$id" params={{ id: String(c.customer_id) }}>
                  {t('finding.recommendation.number', { id: c.customer_id })}
                </Link>
              ),
            },
            { id: 's', header: score, align: 'end', cell: (c) => percent(c.score, 1) },
            {
              id: 'r',
              header: t('finding.prediction.reasons'),
              cell: (c) => <Reasons reasons={c.reasons} labels={labels} />,
            },
          ]}
        />
      </div>
    </Panel>
  );
}

/** What raised and lowered the score of a customer most. */
function Reasons({ reasons, labels }: { reasons: Reason[] | null; labels: Prediction['labels'] }) {
  const label = useLabel(labels);
  const level = useLevelName();
  const { number } = useFormat();
  const text = (r: Reason) => {
    const value = Number(r.value);
    return r.value !== '' && Number.isFinite(value) ? number(Math.round(value)) : level(r.column, r.value);
  };
  return (
    <span className={classes.reasons}>
      {(reasons ?? []).map((r) => (
        <span key={r.column}>
          {r.effect > 0 ? '▲' : '▼'} {label(r.column)} {text(r)}
        </span>
      ))}
    </span>
  );
}
