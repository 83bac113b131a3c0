// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartOption, type ChartTheme } from '@/shared/chart';
import type { ResultColumn, Shape } from './api';
import { rangeOf, type Matrix } from './matrix';
import { useWrite } from './write';

/** More bars or slices than this are no picture any more; the table below has all. */
const MOST = 60;

interface PivotChartProps {
  matrix: Matrix;
  shape: Exclude<Shape, 'table'>;
}

/** The first value of a pivot as bars, lines, heat map or tree map. */
export function PivotChart({ matrix, shape }: PivotChartProps) {
  const { t } = useTranslation('cube');
  const { writeValue, writeNumber, label } = useWrite();
  const measure = matrix.measures[0] as ResultColumn;
  const option = useMemo(() => {
    const rows = matrix.rows.slice(0, MOST);
    const rowName = (row: Matrix['rows'][number]) =>
      row.values.map((v, i) => writeValue(v, matrix.rowColumns[i] as ResultColumn)).join(' · ') || t('total');
    const groupName = (group: Matrix['across'][number]) =>
      group.values.map((v, i) => writeValue(v, matrix.acrossColumns[i] as ResultColumn)).join(' · ') ||
      label(measure.label);
    const short = (value: number) => writeNumber(value, measure, true);
    const names = rows.map(rowName);
    const groups = matrix.across.slice(0, 24);
    const numberAt = (row: Matrix['rows'][number], g: number) => {
      const value = row.cells[g]?.[0];
      return typeof value === 'number' ? value : null;
    };
    if (shape === 'heat') {
      const [low, high] = rangeOf(matrix, 0);
      return (theme: ChartTheme): ChartOption => ({
        tooltip: { valueFormatter: (v: unknown) => writeNumber(Number(Array.isArray(v) ? v[2] : v), measure) },
        xAxis: { type: 'category', data: names },
        yAxis: { type: 'category', data: groups.map(groupName) },
        visualMap: { min: low, max: high, show: false, inRange: { color: theme.heat } },
        series: [
          {
            type: 'heatmap',
            name: label(measure.label),
            data: rows.flatMap((row, x) => groups.map((_, y) => [x, y, numberAt(row, y)])).filter((p) => p[2] !== null),
            label: {
              show: rows.length * groups.length <= 240,
              color: theme.text,
              fontSize: 11,
              formatter: (p: { value: number[] }) => short(p.value[2] ?? 0),
            },
            itemStyle: { borderColor: theme.surface, borderWidth: 1 },
          },
        ],
      });
    }
    if (shape === 'tree') {
      return (theme: ChartTheme): ChartOption => ({
        tooltip: { valueFormatter: (v: unknown) => writeNumber(Number(v), measure) },
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
            upperLabel: { show: groups.length > 1, color: theme.text, height: 20 },
            data: rows.map((row, i) => ({
              name: names[i],
              value: groups.reduce((sum, _, g) => sum + Math.max(0, numberAt(row, g) ?? 0), 0),
              children:
                groups.length > 1
                  ? groups.map((group, g) => ({ name: groupName(group), value: Math.max(0, numberAt(row, g) ?? 0) }))
                  : undefined,
            })),
          },
        ],
      });
    }
    return {
      legend: { show: groups.length > 1, type: 'scroll' },
      tooltip: { trigger: 'axis', valueFormatter: (v: unknown) => writeNumber(v === null ? null : Number(v), measure) },
      xAxis: { type: 'category', data: names, axisLabel: { hideOverlap: true } },
      yAxis: { type: 'value', axisLabel: { formatter: short } },
      series: groups.map((group, g) => ({
        type: shape,
        name: groupName(group),
        stack: shape === 'bar' && groups.length > 1 ? 'all' : undefined,
        showSymbol: rows.length < 40,
        barMaxWidth: 38,
        data: rows.map((row) => numberAt(row, g)),
      })),
    };
    // the writers change with the language only, which changes the matrix's labels too
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [matrix, shape, label(measure.label)]);
  return <Chart option={option} height={280} label={`${label(measure.label)} · ${t(`shapes.${shape}`)}`} />;
}
