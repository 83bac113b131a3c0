// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { Chart } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat, tell } from '@/shared/page';
import classes from './Finding.module.css';
import type { Statement } from './findingApi';
import { useLevelName } from './useColumnName';
import { useSegment } from './useSegment';

interface Bin {
  above?: number;
  up_to?: number;
  level?: string;
  is_other?: boolean;
  rows: number;
  yes: number;
  weight_of_evidence: number;
  points: number;
}

/** A scorecard: attributes with the points of their bins. */
export interface Card {
  base: number;
  odds: number;
  double: number;
  attributes: { column: string; information_value: number; weight: number; mean_points: number; bins: Bin[] }[];
  intercept: number;
  slope: number;
  is_by_hand?: boolean;
}

/** What a run of a scorecard found. */
export interface Scorecard {
  learned_on: string;
  tested_on: string;
  scored_on: string;
  currency: string;
  card: Card;
  test: { auc: number; calibration?: { predicted: number; seen: number; rows: number }[] };
  tested: number;
  scored: number;
  ways: {
    name: 'mail' | 'call' | 'visit';
    from_points: number;
    customers: number;
    expected_yes: number;
    cost: number;
    profit: number;
  }[];
  nobody: number;
  best: {
    customer_id: number;
    points: number;
    chance: number;
    way?: 'mail' | 'call' | 'visit';
    reasons: { column: string; value: string; points: number; above_mean: number }[];
  }[];
  words: Statement;
  labels: Record<string, [string, string]>;
}

/** The card with its test, whom to contact how, and reasons; points can be changed by hand. */
export function ScorecardResult({ result, onCard }: { result: Scorecard; onCard: (card: Card) => void }) {
  const { t, i18n } = useTranslation('mining');
  const { number, percent, moneyCompact, date } = useFormat();
  const label = useLabel();
  const levelName = useLevelName();
  const segment = useSegment();
  const [card, setCard] = useState(result.card);
  const nameOf = (column: string) => result.labels[column]?.[i18n.language === 'en' ? 1 : 0] ?? column;
  const write = (v: number) => moneyCompact(Math.round(v), result.currency);
  const binName = (column: string, bin: Bin) =>
    bin.is_other
      ? t('finding.scorecard.other')
      : bin.level !== undefined && bin.level !== ''
        ? levelName(column, bin.level)
        : bin.above === undefined
          ? `≤ ${number(bin.up_to ?? 0)}`
          : bin.up_to === undefined
            ? `> ${number(bin.above)}`
            : `${number(bin.above)} – ${number(bin.up_to)}`;
  const rows = card.attributes.flatMap((attribute, a) =>
    attribute.bins.map((bin, b) => ({ ...bin, a, b, column: attribute.column, iv: attribute.information_value })),
  );
  const change = (a: number, b: number, points: number) =>
    setCard({
      ...card,
      attributes: card.attributes.map((attribute, i) =>
        i === a
          ? { ...attribute, bins: attribute.bins.map((bin, k) => (k === b ? { ...bin, points } : bin)) }
          : attribute,
      ),
    });
  const option = useMemo(
    () => ({
      legend: {},
      tooltip: { trigger: 'axis' as const },
      xAxis: { type: 'category' as const, data: (result.test.calibration ?? []).map((_, i) => i + 1) },
      yAxis: { type: 'value' as const, min: 0, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      series: (['predicted', 'seen'] as const).map((key) => ({
        type: 'bar' as const,
        name: t(`finding.scorecard.${key}`),
        data: (result.test.calibration ?? []).map((c) => c[key]),
      })),
    }),
    [result, percent, t],
  );
  return (
    <>
      <p className={classes.words}>{label(result.words)}</p>
      <div className={classes.stats}>
        <Stat
          label="AUC"
          value={number(result.test.auc, 3)}
          note={t('finding.scorecard.tested', { n: number(result.tested), day: date(result.tested_on) })}
        />
        <Stat label="Gini" value={number(2 * result.test.auc - 1, 3)} />
        <Stat label={t('finding.scorecard.scored')} value={number(result.scored)} note={date(result.scored_on)} />
        <Stat label={t('finding.scorecard.nobody')} value={number(result.nobody)} />
        <Stat
          label={t('finding.scorecard.profit')}
          value={write(result.ways.reduce((sum, way) => sum + way.profit, 0))}
          tone="good"
        />
      </div>
      <Panel title={t('finding.scorecard.cut')} flush>
        <SimpleTable
          label={t('finding.scorecard.cut')}
          rows={result.ways}
          rowKey={(way) => way.name}
          columns={[
            {
              id: 'w',
              header: t('finding.scorecard.way'),
              cell: (way) => <b>{t(`finding.scorecard.ways.${way.name}`)}</b>,
            },
            {
              id: 'f',
              header: t('finding.scorecard.from'),
              align: 'end',
              cell: (way) => (way.customers > 0 ? number(way.from_points) : '–'),
            },
            { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (way) => number(way.customers) },
            { id: 'y', header: t('finding.scorecard.yes'), align: 'end', cell: (way) => number(way.expected_yes, 1) },
            { id: 'c', header: t('finding.scorecard.costs'), align: 'end', cell: (way) => write(way.cost) },
            { id: 'p', header: t('finding.scorecard.profit'), align: 'end', cell: (way) => write(way.profit) },
            {
              id: 'go',
              header: '',
              align: 'end',
              cell: (way) => (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  disabled={way.customers === 0}
                  onClick={() =>
                    segment(t(`finding.scorecard.ways.${way.name}`), {
                      field: 'scorecard_way',
                      is: 'in',
                      value: [way.name],
                    })
                  }
                >
                  {t('rfm.segment')}
                </Button>
              ),
            },
          ]}
        />
      </Panel>
      {result.test.calibration && (
        <Panel title={t('finding.scorecard.calibration')} aside={t('finding.scorecard.calibrationNote')}>
          <Chart option={option} height={240} label={t('finding.scorecard.calibration')} />
        </Panel>
      )}
      <Panel
        title={card.is_by_hand ? t('finding.scorecard.byHand') : t('finding.scorecard.card')}
        aside={t('finding.scorecard.scale', { n: number(card.double) })}
        flush
        actions={
          <Button
            size="compact-sm"
            onClick={() => {
              onCard({ ...card, is_by_hand: true });
              tell(t('finding.scorecard.handReady'));
            }}
            disabled={card === result.card}
          >
            {t('finding.scorecard.useHand')}
          </Button>
        }
      >
        <SimpleTable
          label={t('finding.scorecard.card')}
          rows={rows}
          rowKey={(row) => `${row.a}-${row.b}`}
          columns={[
            { id: 'c', header: t('pareto.trait'), cell: (row) => (row.b === 0 ? <b>{nameOf(row.column)}</b> : '') },
            {
              id: 'i',
              header: t('finding.scorecard.iv'),
              align: 'end',
              cell: (row) => (row.b === 0 ? number(row.iv, 3) : ''),
            },
            { id: 'b', header: t('pareto.level'), cell: (row) => binName(row.column, row) },
            { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (row) => number(row.rows) },
            {
              id: 'r',
              header: t('finding.scorecard.rate'),
              align: 'end',
              cell: (row) => (row.rows > 0 ? percent(row.yes / row.rows) : '–'),
            },
            {
              id: 'w',
              header: t('finding.scorecard.woe'),
              align: 'end',
              cell: (row) => number(row.weight_of_evidence, 2),
            },
            {
              id: 'p',
              header: t('finding.scorecard.points'),
              align: 'end',
              cell: (row) => (
                <NumberInput
                  size="xs"
                  aria-label={`${nameOf(row.column)} ${binName(row.column, row)}`}
                  value={row.points}
                  w={90}
                  onChange={(v) => typeof v === 'number' && v !== row.points && change(row.a, row.b, v)}
                />
              ),
            },
          ]}
        />
      </Panel>
      <Panel title={t('finding.scorecard.best')} flush>
        <SimpleTable
          label={t('finding.scorecard.best')}
          rows={result.best}
          rowKey={(one) => one.customer_id}
          columns={[
            {
              id: 'c',
              header: t('rfm.values.customers'),
              cell: (one) => (
                <Link to="/customers/$id" params={{ id: String(one.customer_id) }}>
                  {one.customer_id}
                </Link>
              ),
            },
            { id: 'p', header: t('finding.scorecard.points'), align: 'end', cell: (one) => number(one.points) },
            { id: 'h', header: t('finding.scorecard.chance'), align: 'end', cell: (one) => percent(one.chance) },
            {
              id: 'w',
              header: t('finding.scorecard.way'),
              cell: (one) => (one.way ? t(`finding.scorecard.ways.${one.way}`) : '–'),
            },
            {
              id: 'r',
              header: t('finding.prediction.reasons'),
              cell: (one) => (
                <span className={classes.reasons}>
                  {one.reasons.map((reason) => (
                    <span key={reason.column}>
                      {nameOf(reason.column)} {levelName(reason.column, reason.value)}{' '}
                      {reason.above_mean >= 0 ? '+' : '−'}
                      {number(Math.abs(reason.above_mean))}
                    </span>
                  ))}
                </span>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}
