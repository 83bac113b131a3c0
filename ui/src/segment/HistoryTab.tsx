// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable, Status } from '@/shared/page';
import { historyQuery, type SegmentHistory } from './api';
import classes from './Segment.module.css';

function SizeChart({ sizes }: Pick<SegmentHistory, 'sizes'>) {
  const { t } = useTranslation('segment');
  const option = useMemo(
    () => (theme: ChartTheme) => ({
      legend: {},
      tooltip: { trigger: 'axis' as const },
      xAxis: { type: 'time' as const },
      yAxis: [{ type: 'value' as const, scale: true }],
      series: [
        {
          type: 'line' as const,
          step: 'end' as const,
          name: t('history.members'),
          showSymbol: sizes.length < 30,
          itemStyle: { color: theme.series[0] },
          data: sizes.map((size) => [size.at, size.members]),
        },
        {
          type: 'bar' as const,
          barMaxWidth: 8,
          name: t('history.entered'),
          itemStyle: { color: theme.good },
          data: sizes.map((s) => [s.at, s.entered]),
        },
        {
          type: 'bar' as const,
          barMaxWidth: 8,
          name: t('history.left'),
          itemStyle: { color: theme.bad },
          data: sizes.map((s) => [s.at, -s.left]),
        },
      ],
    }),
    [sizes, t],
  );
  return <Chart option={option} height={280} label={t('history.chart')} />;
}

/** How the size of a segment changed, and who came and went lately. */
export function HistoryTab({ id }: { id: number }) {
  const { t } = useTranslation('segment');
  const { dateTime } = useFormat();
  const [side, setSide] = useState<'all' | 'in' | 'out'>('all');
  const result = useQuery({ ...historyQuery(id), refetchInterval: 10_000 });
  return (
    <Query result={result}>
      {(data) => {
        const moves = data.moves.filter((move) => side === 'all' || move.is_in === (side === 'in'));
        return (
          <div className={classes.main}>
            <Panel title={t('history.title')}>
              {data.sizes.length === 0 ? (
                <EmptyState icon={History} title={t('history.none')} text={t('history.noneText')} />
              ) : (
                <SizeChart sizes={data.sizes} />
              )}
            </Panel>
            <Panel
              flush={moves.length > 0}
              title={t('moves.title')}
              actions={
                <SegmentedControl
                  aria-label={t('moves.title')}
                  value={side}
                  onChange={(next) => setSide(next as typeof side)}
                  data={(['all', 'in', 'out'] as const).map((value) => ({ value, label: t(`moves.${value}`) }))}
                />
              }
            >
              {moves.length === 0 ? (
                <p className="dim">{t('moves.none')}</p>
              ) : (
                <SimpleTable
                  label={t('moves.title')}
                  rows={moves.slice(0, 200)}
                  rowKey={(move) => `${move.at} ${move.customer_id}`}
                  columns={[
                    { id: 'at', header: t('moves.at'), width: 180, cell: (move) => dateTime(move.at) },
                    {
                      id: 'customer',
                      header: t('customers'),
                      cell: (move) => (
                        <Link to="/customers/$id" params={{ id: String(move.customer_id) }}>
                          {t('live.nameless', { id: move.customer_id })}
                        </Link>
                      ),
                    },
                    {
                      id: 'side',
                      header: t('moves.side'),
                      width: 100,
                      cell: (move) => (
                        <Status tone={move.is_in ? 'teal' : 'grey'}>{t(move.is_in ? 'moves.in' : 'moves.out')}</Status>
                      ),
                    },
                    { id: 'cause', header: t('moves.why'), cell: (move) => t(`moves.cause.${move.cause}`) },
                  ]}
                />
              )}
            </Panel>
          </div>
        );
      }}
    </Query>
  );
}
