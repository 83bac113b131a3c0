// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, Stat } from '@/shared/page';
import classes from '../Finding.module.css';
import type { Basket } from '../findingApi';
import { BasketGraph } from './BasketGraph';
import { BasketMatrix, BasketStrongest } from './BasketPictures';
import { BasketSets } from './BasketSets';
import { RuleTable } from './RuleTable';

const views = ['list', 'graph', 'matrix', 'sets'] as const;

/** The best rule in words, then the rules as a list, a graph or a matrix, and the itemsets behind them. */
export function BasketResult({ result }: { result: Basket }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const [view, setView] = useState<(typeof views)[number]>('graph');
  const useful = result.rules.filter((r) => !r.redundant);
  const best = useful[0];
  const changed = useful.filter((r) => r.against && r.against.p_adjusted < 0.05).length;
  const { against } = result.settings;
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        <p>
          {best
            ? t('finding.basket.best', {
                left: best.left.join(' + '),
                right: best.right,
                confidence: percent(best.confidence, 0),
                lift: number(best.lift, 2),
                count: number(best.count),
              })
            : t('finding.basket.none')}
        </p>
        {against && (
          <p>
            {t(`finding.basket.compared.${against}`, {
              n: number(result.others ?? 0),
              changed: number(changed),
              rules: number(useful.length),
            })}
          </p>
        )}
      </div>
      <div className={classes.stats}>
        <Stat label={t('finding.basket.baskets')} value={number(result.baskets)} />
        <Stat label={t('finding.basket.items')} value={number(result.items)} />
        <Stat label={t('finding.basket.itemsets')} value={number(result.itemsets)} />
        <Stat label={t('finding.basket.rules')} value={number(result.rules_found)} />
      </div>
      <SegmentedControl
        aria-label={t('finding.basket.view')}
        value={view}
        onChange={(next) => setView(next as (typeof views)[number])}
        data={views.map((v) => ({ value: v, label: t(`finding.basket.views.${v}`) }))}
        style={{ justifySelf: 'start' }}
      />
      {view === 'graph' && (
        <div className={classes.split}>
          <Panel title={t('finding.basket.graph')}>
            <BasketGraph result={result} />
          </Panel>
          <BasketStrongest result={result} />
        </div>
      )}
      {view === 'list' && <RuleTable rules={useful} by={result.settings.by} against={against} />}
      {view === 'matrix' && <BasketMatrix result={result} />}
      {view === 'sets' && <BasketSets result={result} />}
    </div>
  );
}
