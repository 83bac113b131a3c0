// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { Chart, type ChartOption, type ChartTheme } from '@/shared/chart';

/** A value with the range in which the truth lies with 95 %. */
export interface IntervalRow {
  label: string;
  value: number;
  low: number;
  high: number;
  tone: 'good' | 'bad' | 'plain' | 'quiet';
}

interface IntervalChartProps {
  rows: IntervalRow[];
  label: string;
  format: (value: number) => string;
  /** Draws the line that intervals must not touch to show an effect. */
  zero?: boolean;
  rowHeight?: number;
}

const AXIS = 34;

function colourOf(tone: IntervalRow['tone'], theme: ChartTheme): string {
  if (tone === 'good') return theme.good;
  if (tone === 'bad') return theme.bad;
  return tone === 'quiet' ? theme.textDim : (theme.series[0] ?? theme.text);
}

function optionOf({ rows, format, zero }: IntervalChartProps, theme: ChartTheme): ChartOption {
  const names = rows.map((row) => row.label);
  // One short line for each interval, with the estimate as a dot on it.
  const lines = rows.map((row) => ({
    type: 'line',
    silent: true,
    symbol: 'rect',
    symbolSize: [2, 12],
    lineStyle: { width: 2, color: colourOf(row.tone, theme) },
    itemStyle: { color: colourOf(row.tone, theme) },
    data: [
      [row.low, row.label],
      [row.high, row.label],
    ],
  }));
  const dots = {
    type: 'scatter',
    symbolSize: 11,
    data: rows.map((row) => ({ value: [row.value, row.label], itemStyle: { color: colourOf(row.tone, theme) } })),
    label: {
      show: true,
      position: 'top',
      distance: 7,
      color: theme.text,
      fontWeight: 600,
      formatter: ({ dataIndex }: { dataIndex: number }) => format(rows[dataIndex]?.value ?? 0),
    },
    markLine: zero
      ? {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: theme.textDim, type: 'dashed' },
          data: [{ xAxis: 0 }],
        }
      : undefined,
  };
  return {
    grid: { left: 4, right: 24, top: 18, bottom: 4, containLabel: true },
    xAxis: { type: 'value', scale: !zero, axisLabel: { formatter: format, hideOverlap: true } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      axisLine: { show: false },
      axisLabel: { width: 170, overflow: 'truncate', color: theme.text },
    },
    tooltip: {
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const row = rows[dataIndex];
        return row ? `${row.label}<br><b>${format(row.value)}</b> (${format(row.low)} – ${format(row.high)})` : '';
      },
    },
    series: [...lines, dots],
  };
}

/** Estimates with their 95 % intervals, one a row. */
export function IntervalChart(props: IntervalChartProps) {
  const { rows, label, format, zero, rowHeight = 52 } = props;
  const option = useMemo(
    () => (theme: ChartTheme) => optionOf({ rows, label, format, zero }, theme),
    [rows, label, format, zero],
  );
  return <Chart option={option} height={rows.length * rowHeight + AXIS} label={label} />;
}
