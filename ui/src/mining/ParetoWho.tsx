// SPDX-License-Identifier: Apache-2.0
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useLabel, type Label } from '@/app/label';
import { useFormat } from '@/shared/format';
import type { Rule } from '@/shared/filter';
import { Panel, Query, SimpleTable } from '@/shared/page';
import type { ParetoAsk } from './api';
import { useSegmentColumn } from './useSegmentColumn';

interface Trait {
  column: string;
  label: Label;
  level: string;
  words: Label;
  best: number;
  all: number;
  best_share: number;
  share: number;
  lift: number;
  stands_out: boolean;
}

interface Who {
  best: number;
  all: number;
  traits: Trait[];
}

const whoQuery = (ask: ParetoAsk) =>
  queryOptions({
    queryKey: ['pareto-who', ask],
    queryFn: ({ signal }) => api.post<Who>('/api/mining/pareto/who', { body: ask, signal }),
  });

const ruleOf = (trait: Trait): Rule =>
  trait.column === 'age_band'
    ? { field: 'age', is: 'between', value: [Number(trait.level), Number(trait.level) + 9] }
    : { field: trait.column, is: 'eq', value: trait.level };

/** Who the best 20 % are: what they have more or less often than all buyers. */
export function ParetoWho({ ask }: { ask: ParetoAsk }) {
  const { t } = useTranslation('mining');
  const { percent, number } = useFormat();
  const label = useLabel();
  const result = useQuery(whoQuery(ask));
  const toSegment = useSegmentColumn<Trait>();
  return (
    <Panel title={t('pareto.who')} aside={t('pareto.whoNote')} flush>
      <Query result={result}>
        {(who) => (
          <SimpleTable
            label={t('pareto.who')}
            rows={who.traits}
            rowKey={(trait) => trait.column + trait.level}
            columns={[
              { id: 'c', header: t('pareto.trait'), cell: (trait) => label(trait.label) },
              {
                id: 'l',
                header: t('pareto.level'),
                cell: (trait) => (trait.stands_out ? <b>{label(trait.words)}</b> : label(trait.words)),
              },
              { id: 'b', header: t('pareto.bestShare'), align: 'end', cell: (trait) => percent(trait.best_share) },
              { id: 'a', header: t('pareto.allShare'), align: 'end', cell: (trait) => percent(trait.share) },
              { id: 'x', header: t('pareto.lift'), align: 'end', cell: (trait) => `×${number(trait.lift, 2)}` },
              {
                id: 's',
                header: t('pareto.sure'),
                cell: (trait) => (trait.stands_out ? t('pareto.standsOut') : t('pareto.maybeChance')),
              },
              toSegment((trait) => label(trait.words), ruleOf),
            ]}
          />
        )}
      </Query>
    </Panel>
  );
}
