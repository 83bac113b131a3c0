// SPDX-License-Identifier: Apache-2.0
import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Rows3 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { confirm, EmptyState, Panel, Query, SimpleTable, tellUndo } from '@/shared/page';
import {
  decidePattern,
  modelQuery,
  pairsQuery,
  patternsQuery,
  undoDecision,
  type Model,
  type PatternGroup,
} from '../api';
import { fieldName, levelName } from '../words';
import classes from './Review.module.css';
import { Sample } from './Sample';

const MOST = 2000;

/** The levels of a pattern in words: what agrees, what differs. */
function Levels({ pattern, model }: { pattern: string; model: Model | undefined }) {
  const comparisons = model?.spec.model.comparisons ?? [];
  if (comparisons.length !== pattern.length) return <code>{pattern}</code>;
  return (
    <span className={classes.chips}>
      {comparisons.map((comparison, i) => {
        const level = parseInt(pattern.charAt(i), 36);
        const known = comparison.levels[level];
        if (level === 0 || !known) return null;
        const weight = Math.log2(known.m / known.u);
        return (
          <span key={comparison.name} className={classes.chip} data-tone={weight > 0 ? 'for' : 'against'}>
            {fieldName(comparison.name)} · {levelName(known.label)}
          </span>
        );
      })}
    </span>
  );
}

/** Waiting pairs by pattern of levels, decided together after a look at some of them. */
export function Patterns() {
  const { t } = useTranslation('match');
  const { number, percent } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const result = useQuery(patternsQuery);
  const model = useQuery(modelQuery);
  const refresh = () => queries.invalidateQueries({ queryKey: ['match'] });
  const decide = useMutation({
    mutationFn: ({ group, decision }: { group: PatternGroup; decision: 'same' | 'different' }) =>
      decidePattern(group.pattern, decision, group.pairs),
    onSuccess: (answer) => {
      tellUndo(t('patterns.done', { n: number(answer.decided) }), () => undoDecision(answer.decision.id).then(refresh));
    },
    onSettled: refresh,
  });
  const ask = async (group: PatternGroup, decision: 'same' | 'different') => {
    const sample = await queries.fetchQuery(pairsQuery({ pattern: group.pattern, order: 'weight' }));
    const sure = await confirm({
      title: t(`patterns.ask_${decision}`, { n: number(group.pairs) }),
      text: <Sample pairs={sample.items.slice(0, 5)} />,
      action: t(decision === 'same' ? 'review.same' : 'review.different'),
      danger: decision === 'different',
    });
    if (sure) decide.mutate({ group, decision });
  };
  const share = (weight: number) => percent(1 / (1 + 2 ** -weight), 1);
  return (
    <div className={classes.body} style={{ display: 'block' }}>
      <Query result={result}>
        {({ items }) =>
          !items?.length ? (
            <EmptyState icon={Rows3} title={t('review.emptyTitle')} text={t('review.emptyText')} />
          ) : (
            <Panel title={t('patterns.title')} aside={t('patterns.about')} flush>
              <SimpleTable
                stack
                label={t('patterns.title')}
                rows={items}
                rowKey={(group) => `${group.model_id} ${group.pattern}`}
                columns={[
                  {
                    id: 'pairs',
                    header: t('patterns.pairs'),
                    align: 'end',
                    cell: (g) => <span className="num">{number(g.pairs)}</span>,
                  },
                  {
                    id: 'levels',
                    header: t('patterns.levels'),
                    cell: (g) => <Levels pattern={g.pattern} model={model.data} />,
                  },
                  {
                    id: 'p',
                    header: t('patterns.probability'),
                    align: 'end',
                    cell: (g) => <span className="num">{`${share(g.least)} – ${share(g.most)}`}</span>,
                  },
                  {
                    id: 'do',
                    header: '',
                    cell: (g) => (
                      <Group gap={6} wrap="nowrap">
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          onClick={() => void navigate({ to: '/match/review', search: { pattern: g.pattern } })}
                        >
                          {t('patterns.look')}
                        </Button>
                        {can('match:decide') && g.pairs <= MOST && (
                          <>
                            <Button size="compact-sm" variant="light" onClick={() => void ask(g, 'same')}>
                              {t('review.same')}
                            </Button>
                            <Button
                              size="compact-sm"
                              color="red"
                              variant="subtle"
                              onClick={() => void ask(g, 'different')}
                            >
                              {t('review.different')}
                            </Button>
                          </>
                        )}
                      </Group>
                    ),
                  },
                ]}
              />
            </Panel>
          )
        }
      </Query>
    </div>
  );
}
