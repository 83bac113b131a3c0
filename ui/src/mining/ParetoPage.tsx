// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import dayjs from 'dayjs';
import { useQuery } from '@tanstack/react-query';
import { ChartSpline } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable, Stat } from '@/shared/page';
import { LinePicker, type Line } from './LinePicker';
import { ParetoWho } from './ParetoWho';
import { paretoQuery, type Pareto, type ParetoAsk } from './api';
import classes from './Rfm.module.css';
import words from './run/Run.module.css';

const measures = ['revenue', 'orders', 'quantity'] as const;
const THOUSANDTHS = 1000;

/** The ISO date so many months before today. */
function monthsAgo(months: number): string | undefined {
  return months > 0 ? dayjs().subtract(months, 'month').format('YYYY-MM-DD') : undefined;
}

/** How much of revenue the best customers bring: curve, top shares, deciles. */
export function ParetoPage() {
  const { t } = useTranslation('mining');
  const [measure, setMeasure] = useState<ParetoAsk['measure']>('revenue');
  const [months, setMonths] = useState('12');
  const [line, setLine] = useState<Line>();
  const ask: ParetoAsk = { measure, from: monthsAgo(Number(months)), line };
  const result = useQuery(paretoQuery(ask));
  return (
    <Page
      title={t('pareto.title')}
      bar={
        <>
          <Select
            aria-label={t('pareto.measure')}
            data={measures.map((m) => ({ value: m, label: t(`pareto.measures.${m}`) }))}
            value={measure}
            allowDeselect={false}
            onChange={(m) => m && setMeasure(m as ParetoAsk['measure'])}
            w={150}
          />
          <Select
            aria-label={t('rfm.period')}
            data={['3', '6', '12', '24', '0'].map((m) => ({
              value: m,
              label: m === '0' ? t('rfm.allTime') : t('rfm.months', { n: m }),
            }))}
            value={months}
            allowDeselect={false}
            onChange={(m) => m && setMonths(m)}
            w={130}
          />
          <LinePicker value={line} onChange={setLine} />
        </>
      }
    >
      <Query result={result}>
        {(pareto) =>
          pareto.buyers === 0 ? (
            <EmptyState icon={ChartSpline} title={t('empty.title')} text={t('empty.text')} />
          ) : (
            <>
              <ParetoBody pareto={pareto} />
              <ParetoWho ask={ask} />
            </>
          )
        }
      </Query>
    </Page>
  );
}

function ParetoBody({ pareto }: { pareto: Pareto }) {
  const { t } = useTranslation('mining');
  const { number, percent, money, moneyCompact, dateTime } = useFormat();
  const write = (value: number) =>
    pareto.currency
      ? money(value, pareto.currency)
      : number(pareto.settings.measure === 'quantity' ? value / THOUSANDTHS : value);
  const option = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      tooltip: {
        trigger: 'axis' as const,
        formatter: (points: { value: [number, number] }[]) => {
          const point = points[0]?.value ?? [0, 0];
          return t('pareto.point', { customers: percent(point[0]), value: percent(point[1]) });
        },
      },
      xAxis: { type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      yAxis: { type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      series: [
        {
          type: 'line' as const,
          name: t('pareto.curve'),
          showSymbol: false,
          areaStyle: { opacity: 0.12 },
          data: pareto.curve.map((p) => [p.customers, p.share]),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { color: theme.textDim, formatter: '20 %' },
            lineStyle: { color: theme.textDim, type: 'dashed' as const },
            data: [{ xAxis: 0.2 }],
          },
        },
        {
          type: 'line' as const,
          name: t('pareto.even'),
          showSymbol: false,
          lineStyle: { type: 'dashed' as const, color: theme.textDim, width: 1 },
          data: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    }),
    [pareto, percent, t],
  );
  const cumulative = pareto.deciles.map((_, i) => pareto.deciles.slice(0, i + 1).reduce((sum, d) => sum + d.share, 0));
  return (
    <div className={classes.stack}>
      <p className={words.words}>
        {t('pareto.words', {
          share: percent(pareto.top['20'] ?? 0),
          for80: percent(pareto.customers_for_80),
          n: number(pareto.loss.customers),
          loss: pareto.currency
            ? moneyCompact(Math.round(pareto.loss.value), pareto.currency)
            : number(Math.round(pareto.loss.value)),
          others: number(Math.round(pareto.loss.others)),
        })}
      </p>
      <div className={classes.stats}>
        {Object.entries(pareto.top).map(([best, share]) => (
          <Stat
            key={best}
            label={t('pareto.top', { share: `${best} %` })}
            value={percent(share)}
            note={t('pareto.ofTotal')}
          />
        ))}
        <Stat label={t('pareto.for80')} value={percent(pareto.customers_for_80)} note={t('pareto.ofBuyers')} />
        <Stat label={t('pareto.gini')} value={number(pareto.gini, 3)} note={t('pareto.giniNote')} />
        <Stat
          label={t('pareto.total')}
          value={pareto.currency ? moneyCompact(pareto.total, pareto.currency) : write(pareto.total)}
          note={t('pareto.buyers', { n: number(pareto.buyers) })}
        />
        <Stat
          label={t('pareto.loss')}
          value={
            pareto.currency
              ? moneyCompact(Math.round(pareto.loss.value), pareto.currency)
              : number(Math.round(pareto.loss.value))
          }
          note={t('pareto.lossNote', { n: number(pareto.loss.customers), share: percent(pareto.loss.share) })}
          tone="bad"
        />
        <Stat label={t('pareto.others')} value={number(Math.round(pareto.loss.others))} note={t('pareto.othersNote')} />
        <Stat label={t('asOf')} value={dateTime(pareto.as_of.at)} />
      </div>
      <div className={classes.split}>
        <Panel title={t('pareto.curve')}>
          <Chart option={option} height={340} label={t('pareto.curve')} />
        </Panel>
        <Panel title={t('pareto.deciles')} flush>
          <SimpleTable
            label={t('pareto.deciles')}
            rows={pareto.deciles}
            rowKey={(d) => d.decile}
            columns={[
              { id: 'd', header: t('pareto.decile'), cell: (d) => `${(d.decile - 1) * 10}–${d.decile * 10} %` },
              {
                id: 'n',
                header: t('rfm.values.customers'),
                align: 'end',
                cell: (d) => <span className="num">{number(d.customers)}</span>,
              },
              {
                id: 'from',
                header: t('pareto.from'),
                align: 'end',
                cell: (d) => <span className="num">{write(d.least)}</span>,
              },
              {
                id: 'v',
                header: t('pareto.value'),
                align: 'end',
                cell: (d) => <span className="num">{write(d.value)}</span>,
              },
              {
                id: 's',
                header: t('rfm.share'),
                align: 'end',
                cell: (d) => <span className="num">{percent(d.share)}</span>,
              },
              {
                id: 'c',
                header: t('pareto.cumulative'),
                align: 'end',
                cell: (d) => <span className="num">{percent(cumulative[d.decile - 1] ?? 0)}</span>,
              },
            ]}
          />
        </Panel>
      </div>
    </div>
  );
}
