// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Ago, useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable } from '@/shared/page';
import { modelsQuery, type Model } from '../api';
import { fieldName, levelName } from '../words';
import classes from './Model.module.css';

interface Change {
  what: string;
  by: number;
}

/** The weights that moved most from one model to the next. */
function changes(model: Model, before: Model | undefined): Change[] {
  if (!before) return [];
  const list: Change[] = [];
  for (const comparison of model.spec.model.comparisons) {
    const old = before.spec.model.comparisons.find((one) => one.name === comparison.name);
    comparison.levels.slice(1).forEach((level, i) => {
      const was = old?.levels[i + 1];
      if (!was || was.label !== level.label) return;
      const by = Math.log2(level.m / level.u) - Math.log2(was.m / was.u);
      if (Math.abs(by) >= 0.05) list.push({ what: `${fieldName(comparison.name)} · ${levelName(level.label)}`, by });
    });
  }
  return list.sort((a, b) => Math.abs(b.by) - Math.abs(a.by)).slice(0, 3);
}

/** The models that were used, newest first, and what changed from one to the next. */
export function Versions() {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const result = useQuery(modelsQuery);
  return (
    <Panel title={t('versions.title')} flush>
      <Query result={result} lines={3}>
        {({ items }) => (
          <SimpleTable
            stack
            label={t('versions.title')}
            rows={items}
            rowKey={(model) => model.id}
            columns={[
              { id: 'id', header: t('versions.number'), cell: (model) => `#${model.id}` },
              { id: 'why', header: t('versions.reason'), cell: (model) => t(`versions.${model.reason}`) },
              {
                id: 'link',
                header: t('thresholds.link'),
                align: 'end',
                cell: (model) => <span className="num">{number(model.link_at, 1)}</span>,
              },
              {
                id: 'review',
                header: t('thresholds.review'),
                align: 'end',
                cell: (model) => <span className="num">{number(model.review_at, 1)}</span>,
              },
              {
                id: 'changed',
                header: t('versions.changed'),
                cell: (model) => (
                  <span className={classes.changes}>
                    {changes(model, items[items.indexOf(model) + 1]).map((change) => (
                      <span key={change.what}>
                        {change.what}{' '}
                        <span className="num">{`${change.by > 0 ? '+' : ''}${number(change.by, 1)}`}</span>
                      </span>
                    ))}
                  </span>
                ),
              },
              { id: 'when', header: t('run.when'), cell: (model) => <Ago at={model.created_at} /> },
            ]}
          />
        )}
      </Query>
    </Panel>
  );
}
