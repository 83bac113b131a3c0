// SPDX-License-Identifier: Apache-2.0
import { Button, Group, NumberInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, Stat, tell } from '@/shared/page';
import { changeModel, probability, runQuery, type Bin, type Model } from '../api';
import { Histogram } from '../run/Histogram';
import runClasses from '../run/Run.module.css';

/** What the model expects of linking from a weight on. */
function expectation(bins: Bin[], linkAt: number, reviewAt: number) {
  let pairs = 0;
  let linked = 0;
  let all = 0;
  let review = 0;
  for (const bin of bins) {
    all += bin.expected;
    if (bin.weight >= linkAt) {
      pairs += bin.pairs;
      linked += bin.expected;
    } else if (bin.weight >= reviewAt) review += bin.pairs;
  }
  return { pairs, review, precision: pairs > 0 ? linked / pairs : 1, recall: all > 0 ? linked / all : 1 };
}

/** From which match weight customers are linked or reviewed, and what that is expected to bring. */
export function Thresholds({ model, runId }: { model: Model; runId: number | undefined }) {
  const { t } = useTranslation('match');
  const { number, percent } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const [linkAt, setLinkAt] = useState(model.link_at);
  const [reviewAt, setReviewAt] = useState(model.review_at);
  const run = useQuery({ ...runQuery(runId ?? 0), enabled: runId !== undefined });
  const bins = run.data?.figures.histogram ?? [];
  const expected = expectation(bins, linkAt, reviewAt);
  const save = useMutation({
    mutationFn: (follow: boolean) =>
      changeModel(
        follow ? { base_id: model.id, follow_run: true } : { base_id: model.id, link_at: linkAt, review_at: reviewAt },
      ),
    onSuccess: () => {
      tell(t('model.saved'));
      return queries.invalidateQueries({ queryKey: ['match'] });
    },
  });
  const isChanged = linkAt !== model.link_at || reviewAt !== model.review_at;
  const may = can('match:configure');
  return (
    <Panel
      title={t('thresholds.title')}
      aside={t(model.is_tuned ? 'thresholds.tuned' : 'thresholds.chosen')}
      actions={
        may && (
          <>
            {model.is_tuned && !isChanged && (
              <Button size="xs" variant="subtle" loading={save.isPending} onClick={() => save.mutate(true)}>
                {t('thresholds.follow')}
              </Button>
            )}
            {isChanged && (
              <Button size="xs" loading={save.isPending} onClick={() => save.mutate(false)}>
                {t('model.save')}
              </Button>
            )}
          </>
        )
      }
    >
      <Group align="end" gap={16} mb={14}>
        <NumberInput
          label={t('thresholds.link')}
          description={t('thresholds.probability', { p: percent(probability(linkAt), 2) })}
          value={linkAt}
          onChange={(value) => typeof value === 'number' && setLinkAt(value)}
          step={0.5}
          decimalScale={1}
          min={reviewAt}
          max={60}
          w={190}
          disabled={!may}
        />
        <NumberInput
          label={t('thresholds.review')}
          description={t('thresholds.probability', { p: percent(probability(reviewAt), 1) })}
          value={reviewAt}
          onChange={(value) => typeof value === 'number' && setReviewAt(value)}
          step={0.5}
          decimalScale={1}
          min={-60}
          max={linkAt}
          w={190}
          disabled={!may}
        />
      </Group>
      {bins.length > 0 && (
        <>
          <div className={runClasses.stats}>
            <Stat label={t('figure.precision')} value={percent(expected.precision, 2)} note={t('figure.estimate')} />
            <Stat label={t('figure.recall')} value={percent(expected.recall, 1)} note={t('figure.recallNote')} />
            <Stat label={t('thresholds.pairs')} value={number(expected.pairs)} />
            <Stat label={t('thresholds.queue')} value={number(expected.review)} />
          </div>
          <Histogram bins={bins} linkAt={linkAt} reviewAt={reviewAt} />
        </>
      )}
    </Panel>
  );
}
