// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Facts, Panel, SimpleTable, Status, type SimpleColumn } from '@/shared/page';
import { segmentNamesQuery, type Group, type Result, type VariantResult } from '../api';
import { VerdictBadge } from '../VerdictBadge';

/** The messages against each other, by an interval that may be looked at as often as one likes. */
export function VariantsPanel({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { number, percent, money, moneyCompact } = useFormat();
  const isRevenue = result.objective === 'revenue';
  const write = (value: number) =>
    isRevenue ? moneyCompact(Math.round(value), result.currency) : `${percent(value, 2)}p`;
  if (!result.variants || result.variants.length < 2) return null;
  const columns: SimpleColumn<VariantResult>[] = [
    {
      id: 'key',
      header: t('variants.message'),
      cell: (row) => (
        <>
          <strong>{row.key}</strong> {result.winner === row.key && <Status tone="teal">{t('variants.winner')}</Status>}{' '}
          {result.winner !== row.key && row.is_best && <Status tone="cyan">{t('variants.leads')}</Status>}
        </>
      ),
    },
    { id: 'people', header: t('variants.people'), align: 'end', cell: (row) => number(row.arm.people) },
    { id: 'rate', header: t('variants.conversion'), align: 'end', cell: (row) => percent(row.arm.conversion, 2) },
    {
      id: 'revenue',
      header: t('variants.revenue'),
      align: 'end',
      cell: (row) => money(Math.round(row.arm.revenue_per_person), result.currency),
    },
    {
      id: 'against',
      header: t('variants.behind'),
      cell: (row) =>
        row.against ? (
          <span className="num">
            {write(-row.against.difference)}{' '}
            <Status tone={row.against.is_shown ? 'red' : 'grey'}>
              {t(row.against.is_shown ? 'variants.shown' : 'variants.open')}
            </Status>
          </span>
        ) : (
          '–'
        ),
    },
  ];
  return (
    <Panel title={t('variants.title')} aside={t('variants.anyTime')} flush>
      <SimpleTable
        stack
        label={t('variants.title')}
        rows={result.variants}
        columns={columns}
        rowKey={(row) => row.key}
      />
    </Panel>
  );
}

const kinds = ['segment', 'stage', 'box'] as const;

/** The effect by part of the people; each kind shares one level of error. */
export function PartsPanel({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { number, percent } = useFormat();
  const { data: segments } = useQuery(segmentNamesQuery);
  const groups = result.groups ?? [];
  const nameOf = ({ kind, key }: Group): string => {
    if (kind === 'segment') return segments?.items.find((one) => String(one.id) === key)?.name ?? `#${key}`;
    if (kind === 'stage') return t(`parts.stage.${key}` as 'parts.stage.acquired');
    if (key === 'never') return t('parts.never');
    return `${t(`parts.r.${key[1]}` as 'parts.r.1')} · ${t(`parts.f.${key[3]}` as 'parts.f.1')}`;
  };
  const columns: SimpleColumn<Group>[] = [
    { id: 'name', header: t('parts.part'), cell: nameOf },
    {
      id: 'people',
      header: t('variants.people'),
      align: 'end',
      cell: (row) => `${number(row.treatment.people)} : ${number(row.control.people)}`,
    },
    {
      id: 'rates',
      header: t('variants.conversion'),
      align: 'end',
      cell: (row) => `${percent(row.treatment.conversion, 1)} : ${percent(row.control.conversion, 1)}`,
    },
    {
      id: 'difference',
      header: t('parts.difference'),
      align: 'end',
      cell: (row) => (
        <span className="num">
          {percent(row.conversion.difference, 2)}p
          <br />
          <small className="dim">
            {percent(row.conversion.low, 2)} – {percent(row.conversion.high, 2)}
          </small>
        </span>
      ),
    },
    { id: 'verdict', header: t('parts.verdict'), cell: (row) => <VerdictBadge verdict={row.conversion.verdict} /> },
  ];
  return (
    <>
      {kinds.map((kind) => {
        const rows = groups.filter((group) => group.kind === kind);
        if (rows.length === 0) return null;
        return (
          <Panel key={kind} title={t(`parts.kind.${kind}`)} aside={t('parts.hint')} flush>
            <SimpleTable
              stack
              label={t(`parts.kind.${kind}`)}
              rows={rows}
              columns={columns}
              rowKey={(row) => row.key}
            />
          </Panel>
        );
      })}
    </>
  );
}

/** What was expected beside what was measured. */
export function PlanPanel({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { number, money, percent } = useFormat();
  const { plan } = result;
  if (!plan) return null;
  const both = (planned: string, measured: string) => t('plan.both', { planned, measured });
  const asMoney = (value: number) => money(Math.round(value), result.currency);
  return (
    <Panel title={t('plan.title')}>
      <Facts
        labelWidth={110}
        facts={[
          { label: t('plan.rate'), value: both(percent(plan.rate, 2), percent(result.control.conversion, 2)) },
          {
            label: t('plan.lift'),
            value: both(`${percent(plan.lift, 2)}p`, `${percent(result.conversion.difference, 2)}p`),
          },
          {
            label: t('plan.buyers'),
            value: both(
              number(Math.round(plan.added)),
              number(Math.round(result.conversion.difference * result.treatment.people)),
            ),
          },
          { label: t('plan.margin'), value: both(asMoney(plan.margin), asMoney(result.incremental_margin.value)) },
          { label: t('cost.title'), value: both(asMoney(plan.cost.total), asMoney(result.cost.total)) },
          ...(result.target
            ? [
                {
                  label: t('plan.target'),
                  value: `${result.objective === 'revenue' ? asMoney(result.target) : number(result.target)} · ${
                    result.reached === undefined ? '–' : percent(result.reached, 0)
                  }`,
                },
              ]
            : []),
          {
            label: t('plan.payback'),
            value: result.payback_day
              ? t('plan.paybackDay', { count: result.payback_day })
              : t(result.revenue.verdict === 'effect_positive' ? 'plan.noPayback' : 'plan.notShown'),
          },
          ...(result.stages ?? []).map((stage) => ({
            label: t(`plan.per.${stage.stage}` as 'plan.per.acquired'),
            value: stage.cost_per === undefined ? t('plan.notShown') : asMoney(stage.cost_per),
          })),
        ]}
      />
    </Panel>
  );
}

/** Revenue shared out among messages; beside the result, never instead. */
export function AttributionPanel({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { number, money } = useFormat();
  const { attribution } = result;
  if (!attribution) return null;
  return (
    <Panel title={t('attribution.title')}>
      <Facts
        labelWidth={110}
        facts={(['first', 'last', 'position', 'decay'] as const).map((model) => ({
          label: t(`attribution.${model}`),
          value: money(attribution[model], result.currency),
        }))}
      />
      <p className="dim">
        {t('attribution.hint', { count: attribution.lookback_days, shown: number(attribution.orders) })}
      </p>
    </Panel>
  );
}
