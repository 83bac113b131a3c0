// SPDX-License-Identifier: Apache-2.0
import type { ChartOption, ChartTheme } from '@/shared/chart';
import { OTHERS, type ResultColumn, type Shape } from './api';
import { rangeOf, type Matrix, type MatrixRow } from './matrix';

/** More bars or slices than this are no picture any more; the table below has all. */
const MOST_ROWS = 60;
const MOST_GROUPS = 24;

/** What the charts are drawn from: named rows and groups of one or more measures. */
export interface ChartData {
  matrix: Matrix;
  rows: MatrixRow[];
  names: string[];
  groups: string[];
  /** Where each name stands in the matrix, for what is clicked. */
  measure: ResultColumn;
  second: ResultColumn | undefined;
  write: (value: number | null, column?: ResultColumn, short?: boolean) => string;
  label: (column: ResultColumn) => string;
}

const at = (row: MatrixRow, group: number, measure = 0): number | null => {
  const value = row.cells[group]?.[measure];
  return typeof value === 'number' ? value : null;
};

const sum = (row: MatrixRow): number => {
  const total = row.total?.[0];
  if (typeof total === 'number') return total;
  return row.cells.reduce((all, cell) => all + (typeof cell[0] === 'number' ? cell[0] : 0), 0);
};

/** The rows that a chart shows: no subtotals, and not more than can be seen. */
export function chartRows(matrix: Matrix): MatrixRow[] {
  return matrix.rows.filter((row) => row.level === undefined).slice(0, MOST_ROWS);
}

/** The shapes that fit what is asked; the others would say nothing or something wrong. */
export function fitting(matrix: Matrix | undefined): Set<Shape> {
  const fits = new Set<Shape>(['table']);
  if (!matrix) return fits;
  const isAcross = matrix.acrossColumns.length > 0;
  const isTime = (column: ResultColumn | undefined) =>
    ['year', 'quarter', 'month', 'week', 'day', 'fiscal_year', 'fiscal_quarter'].includes(column?.unit ?? '');
  const kind = matrix.measures[0]?.kind;
  const adds = kind === 'money' || kind === 'integer' || kind === 'quantity';
  if (matrix.rowColumns.length > 0) fits.add('bar').add('line');
  if (matrix.rowColumns.length > 0 && isAcross) fits.add('heat').add('box');
  if (adds && matrix.rowColumns.length > 0) fits.add('tree').add('pareto').add('funnel');
  if (adds && matrix.rowColumns.length > 0 && isAcross) fits.add('stack').add('sankey');
  if (matrix.measures.length > 1 && matrix.rowColumns.length > 0 && !isAcross) fits.add('scatter');
  if (isAcross && isTime(matrix.acrossColumns[0]) && isTime(matrix.rowColumns[0])) fits.add('cohort');
  return fits;
}

type Make = (d: ChartData, theme: ChartTheme) => ChartOption;

const axes = (d: ChartData, short: (v: number) => string): ChartOption => ({
  xAxis: { type: 'category', data: d.names, axisLabel: { hideOverlap: true } },
  yAxis: { type: 'value', axisLabel: { formatter: short } },
});

const series =
  (type: 'bar' | 'line', stack: boolean): Make =>
  (d) => ({
    legend: { show: d.groups.length > 1, type: 'scroll' },
    tooltip: { trigger: 'axis', valueFormatter: (v: unknown) => d.write(v === null ? null : Number(v)) },
    ...axes(d, (v) => d.write(v, undefined, true)),
    series: d.groups.map((name, g) => ({
      type,
      name,
      stack: stack && d.groups.length > 1 ? 'all' : undefined,
      showSymbol: d.rows.length < 40,
      barMaxWidth: 38,
      data: d.rows.map((row) => at(row, g)),
    })),
  });

const heat =
  (ofFirst: boolean): Make =>
  (d, theme) => {
    const [low, high] = ofFirst ? [0, 1] : rangeOf(d.matrix, 0);
    const data = d.rows.flatMap((row, y) => {
      const cells = d.groups.map((_, x) => at(row, x));
      const first = cells.find((v) => v !== null && v > 0) ?? null;
      return cells.flatMap((v, x) =>
        v === null || (ofFirst && !first) ? [] : [[x, y, ofFirst ? v / (first as number) : v]],
      );
    });
    const text = (v: number, short: boolean) => (ofFirst ? `${Math.round(v * 100)}%` : d.write(v, undefined, short));
    return {
      tooltip: { valueFormatter: (v: unknown) => text(Number(Array.isArray(v) ? v[2] : v), false) },
      xAxis: { type: 'category', data: d.groups },
      yAxis: { type: 'category', data: d.names, inverse: true },
      visualMap: { min: low, max: high, show: false, inRange: { color: theme.heat } },
      series: [
        {
          type: 'heatmap',
          name: d.label(d.measure),
          data,
          label: {
            show: d.rows.length * d.groups.length <= 300,
            color: theme.text,
            fontSize: 11,
            formatter: (p: { value: number[] }) => text(p.value[2] ?? 0, true),
          },
          itemStyle: { borderColor: theme.surface, borderWidth: 1 },
        },
      ],
    };
  };

const tree: Make = (d, theme) => ({
  tooltip: { valueFormatter: (v: unknown) => d.write(Number(v)) },
  series: [
    {
      type: 'treemap',
      roam: false,
      nodeClick: false,
      breadcrumb: { show: false },
      top: 4,
      bottom: 4,
      left: 0,
      right: 0,
      label: { color: '#fff', formatter: '{b}' },
      upperLabel: { show: d.groups.length > 1, color: theme.text, height: 20 },
      data: d.rows.map((row, i) => ({
        name: d.names[i],
        value: Math.max(0, sum(row)),
        children:
          d.groups.length > 1 ? d.groups.map((name, g) => ({ name, value: Math.max(0, at(row, g) ?? 0) })) : undefined,
      })),
    },
  ],
});

const scatter: Make = (d) => {
  const second = d.second ?? d.measure;
  return {
    tooltip: {
      formatter: (p: { data: { name: string; value: number[] } }) =>
        `${p.data.name}<br>${d.label(d.measure)} ${d.write(p.data.value[0] ?? 0)}<br>${d.label(second)} ${d.write(p.data.value[1] ?? 0, second)}`,
    },
    xAxis: {
      type: 'value',
      name: d.label(d.measure),
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { formatter: (v: number) => d.write(v, undefined, true) },
    },
    yAxis: { type: 'value', name: d.label(second), axisLabel: { formatter: (v: number) => d.write(v, second, true) } },
    grid: { bottom: 34, top: 34 },
    series: [
      {
        type: 'scatter',
        symbolSize: 12,
        data: d.rows.map((row, i) => ({ name: d.names[i], value: [at(row, 0, 0), at(row, 0, 1)] })),
        label: { show: d.rows.length <= 30, position: 'right', formatter: '{b}', fontSize: 11 },
      },
    ],
  };
};

const funnel: Make = (d) => ({
  tooltip: { valueFormatter: (v: unknown) => d.write(Number(v)) },
  series: [
    {
      type: 'funnel',
      sort: 'descending',
      top: 8,
      bottom: 8,
      left: '20%',
      width: '60%',
      minSize: '4%',
      label: {
        position: 'inside',
        formatter: (p: { name: string; value: number }) => `${p.name} ${d.write(p.value, undefined, true)}`,
      },
      data: d.rows.slice(0, 14).map((row, i) => ({ name: d.names[i], value: Math.max(0, sum(row)) })),
    },
  ],
});

const sankey: Make = (d, theme) => ({
  tooltip: { valueFormatter: (v: unknown) => d.write(Number(v)) },
  series: [
    {
      type: 'sankey',
      top: 8,
      bottom: 8,
      left: 4,
      right: 110,
      nodeGap: 5,
      label: { color: theme.text, fontSize: 11 },
      lineStyle: { color: 'source', opacity: 0.28 },
      data: [...d.names.map((name) => ({ name: `${name}` })), ...d.groups.map((name) => ({ name: `${name} ` }))],
      links: d.rows.slice(0, 24).flatMap((row, i) =>
        d.groups.flatMap((name, g) => {
          const value = at(row, g) ?? 0;
          return value > 0 ? [{ source: `${d.names[i]}`, target: `${name} `, value }] : [];
        }),
      ),
    },
  ],
});

const pareto: Make = (d, theme) => {
  const order = d.rows.map((row, i) => ({
    name: d.names[i] ?? '',
    value: sum(row),
    isOthers: row.values.includes(OTHERS),
  }));
  order.sort((a, b) => Number(a.isOthers) - Number(b.isOthers) || b.value - a.value);
  const all = order.reduce((total, item) => total + Math.max(0, item.value), 0) || 1;
  let running = 0;
  const shares = order.map((item) => (running += Math.max(0, item.value)) / all);
  return {
    tooltip: { trigger: 'axis' },
    xAxis: { type: 'category', data: order.map((item) => item.name), axisLabel: { hideOverlap: true } },
    yAxis: [
      { type: 'value', axisLabel: { formatter: (v: number) => d.write(v, undefined, true) } },
      {
        type: 'value',
        min: 0,
        max: 1,
        splitLine: { show: false },
        axisLabel: { formatter: (v: number) => `${Math.round(v * 100)}%` },
      },
    ],
    series: [
      {
        type: 'bar',
        name: d.label(d.measure),
        data: order.map((item) => item.value),
        barMaxWidth: 38,
        tooltip: { valueFormatter: (v: unknown) => d.write(Number(v)) },
      },
      {
        type: 'line',
        yAxisIndex: 1,
        name: '%',
        data: shares,
        showSymbol: false,
        tooltip: { valueFormatter: (v: unknown) => `${(Number(v) * 100).toFixed(1)}%` },
        markLine: {
          symbol: 'none',
          silent: true,
          lineStyle: { color: theme.textDim, type: 'dashed' },
          label: { show: false },
          data: [{ yAxis: 0.8 }],
        },
      },
    ],
  };
};

/** Five numbers of a sorted list, by linear interpolation between neighbours. */
export function fiveNumbers(sorted: number[]): number[] {
  const quantile = (q: number) => {
    const place = (sorted.length - 1) * q;
    const low = sorted[Math.floor(place)] ?? 0;
    const high = sorted[Math.ceil(place)] ?? low;
    return low + (high - low) * (place - Math.floor(place));
  };
  return [0, 0.25, 0.5, 0.75, 1].map(quantile);
}

const box: Make = (d) => ({
  tooltip: { trigger: 'item' },
  xAxis: { type: 'category', data: d.groups },
  yAxis: { type: 'value', scale: true, axisLabel: { formatter: (v: number) => d.write(v, undefined, true) } },
  series: [
    {
      type: 'boxplot',
      name: d.label(d.measure),
      data: d.groups.map((_, g) => {
        const values = d.rows.flatMap((row) => at(row, g) ?? []).sort((a, b) => a - b);
        return values.length > 0 ? fiveNumbers(values) : [];
      }),
      tooltip: { valueFormatter: (v: unknown) => d.write(Number(v)) },
    },
  ],
});

/** How each shape is drawn. */
export const charts: Record<Exclude<Shape, 'table'>, Make> = {
  bar: series('bar', false),
  stack: series('bar', true),
  line: series('line', false),
  heat: heat(false),
  cohort: heat(true),
  tree,
  scatter,
  funnel,
  sankey,
  pareto,
  box,
};

/** Shows at most so many groups in a chart. */
export const chartGroups = (matrix: Matrix) => matrix.across.slice(0, MOST_GROUPS);
