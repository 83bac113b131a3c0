// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { Panel, Query, Status } from '@/shared/page';
import { judgeQuery } from './api';
import classes from './Quality.module.css';

/** On the page of a customer: the score of its data and what could be better. */
export function QualityPanel({ customerId }: { customerId: number }) {
  const { t } = useTranslation('dataquality');
  const result = useQuery(judgeQuery(customerId));
  return (
    <Panel
      title={t('title')}
      aside={
        result.data && (
          <Status tone={result.data.score >= 90 ? 'teal' : result.data.score >= 70 ? 'amber' : 'red'}>
            {result.data.score}
          </Status>
        )
      }
      flush
    >
      <Query result={result} lines={2}>
        {(judged) => (
          <ul className={classes.list}>
            {Object.entries(judged.dimensions).map(([dimension, percent]) => (
              <li key={dimension}>
                <span>{t(`dimension.${dimension as 'validity'}`)}</span>
                <span className={classes.meter} style={{ '--share': `${percent}%` } as React.CSSProperties} />
                <span className="num">{percent}%</span>
              </li>
            ))}
            {judged.issues.map((issue) => (
              <li
                key={`${issue.kind}:${issue.field}`}
                style={{ gridTemplateColumns: 'minmax(0, 1fr)', color: 'var(--warn-text)' }}
              >
                <span style={{ textAlign: 'start' }}>
                  {translate(`dataquality:kind.${issue.kind}`, issue.kind)}
                  {issue.field !== '*' && ` · ${translate(`customer:field.${issue.field}`, issue.field)}`}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Query>
    </Panel>
  );
}
