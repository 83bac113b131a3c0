// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChartColumn } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartOption, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query } from '@/shared/page';
import { askCube, type CubeAnswer } from './api';

const MONTHS = 12;

/** Revenue and buyers of the last months. */
export function Revenue() {
  const { t } = useTranslation('app');
  const { dateTime } = useFormat();
  const result = useQuery(
    askCube({
      measures: ['order.revenue', 'order.customers'],
      dimensions: ['order.month'],
      period: { last: MONTHS, unit: 'month' },
      order: [{ by: 'order.month' }],
    }),
  );
  return (
    <Panel
      title={t('home.revenue')}
      aside={result.data ? t('system.asOf', { at: dateTime(result.data.as_of.at) }) : undefined}
      actions={<Link to="/pivot">{t('home.toPivot')}</Link>}
    >
      <Query result={result} lines={8}>
        {(answer) =>
          answer.rows.length === 0 ? (
            <EmptyState icon={ChartColumn} title={t('home.noOrders')} text={t('home.noOrdersText')} />
          ) : (
            <RevenueChart answer={answer} />
          )
        }
      </Query>
    </Panel>
  );
}

function RevenueChart({ answer }: { answer: CubeAnswer }) {
  const { t } = useTranslation('app');
  const format = useFormat();
  const option = useMemo(() => {
    const at = (name: string) => answer.columns.findIndex((column) => column.name === name);
    const months = answer.rows.map((row) => format.month(String(row[at('order.month')])));
    const money = (value: unknown) => format.moneyCompact(Number(value), answer.currency || undefined);
    return (theme: ChartTheme): ChartOption => ({
      legend: {},
      tooltip: { trigger: 'axis' },
      grid: { top: 34 },
      xAxis: { type: 'category', data: months },
      yAxis: [
        { type: 'value', axisLabel: { formatter: money } },
        {
          type: 'value',
          splitLine: { show: false },
          axisLabel: { formatter: (value: number) => format.compact(value) },
        },
      ],
      series: [
        {
          name: t('home.revenueSeries'),
          type: 'bar',
          barMaxWidth: 34,
          itemStyle: { borderRadius: [3, 3, 0, 0] },
          data: answer.rows.map((row) => row[at('order.revenue')]),
          tooltip: { valueFormatter: (value: unknown) => format.money(Number(value), answer.currency || undefined) },
        },
        {
          name: t('home.buyersSeries'),
          type: 'line',
          yAxisIndex: 1,
          symbolSize: 5,
          lineStyle: { width: 2 },
          itemStyle: { color: theme.series[1] },
          data: answer.rows.map((row) => row[at('order.customers')]),
          tooltip: { valueFormatter: (value: unknown) => format.number(Number(value)) },
        },
      ],
    });
  }, [answer, format, t]);
  return <Chart option={option} height={268} label={t('home.revenueLabel')} />;
}
