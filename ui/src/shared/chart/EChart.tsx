// SPDX-License-Identifier: Apache-2.0
import { useComputedColorScheme } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import {
  BarChart,
  BoxplotChart,
  FunnelChart,
  GraphChart,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  ScatterChart,
  TreemapChart,
} from 'echarts/charts';
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { init, registerLocale, use as register, type EChartsType } from 'echarts/core';
import langKO from 'echarts/i18n/langKO-obj.js';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChartProps } from './Chart';
import { baseOption, chartTheme, type ChartOption } from './chartTheme';

register([
  BarChart,
  BoxplotChart,
  FunnelChart,
  GraphChart,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  ScatterChart,
  TreemapChart,
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  VisualMapComponent,
  LabelLayout,
  CanvasRenderer,
]);
registerLocale('KO', langKO);

function withDefaults(given: unknown, defaults: unknown): unknown {
  if (Array.isArray(given)) return given.map((item) => withDefaults(item, defaults));
  if (!given || typeof given !== 'object' || !defaults || typeof defaults !== 'object') return given;
  const merged: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    const base = (defaults as Record<string, unknown>)[key];
    merged[key] = base && typeof base === 'object' && !Array.isArray(base) ? withDefaults(value, base) : value;
  }
  return merged;
}

function complete(option: ChartOption, base: ChartOption): ChartOption {
  const { xAxisDefaults, yAxisDefaults, legend, tooltip, ...rest } = base;
  return {
    ...rest,
    ...option,
    ...(option.xAxis ? { xAxis: withDefaults(option.xAxis, xAxisDefaults) } : {}),
    ...(option.yAxis ? { yAxis: withDefaults(option.yAxis, yAxisDefaults) } : {}),
    ...(option.legend ? { legend: withDefaults(option.legend, legend) } : {}),
    tooltip: withDefaults(option.tooltip ?? {}, tooltip),
    ...(option.grid ? { grid: withDefaults(option.grid, rest.grid) } : {}),
  };
}

/** The chart itself, in a chunk of its own because the library is large. */
export function EChart({ option, height = 280, label, onSelect }: ChartProps) {
  const { i18n } = useTranslation();
  const scheme = useComputedColorScheme('light');
  const still = useReducedMotion();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const select = useRef(onSelect);
  select.current = onSelect;

  useEffect(() => {
    if (!box.current) return undefined;
    const made = init(box.current, undefined, { locale: i18n.language === 'ko' ? 'KO' : 'EN' });
    chart.current = made;
    made.on('click', (event) =>
      select.current?.({
        name: event.name,
        dataIndex: event.dataIndex,
        seriesIndex: event.seriesIndex ?? 0,
        value: event.value,
      }),
    );
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, [i18n.language]);

  useEffect(() => {
    const theme = chartTheme(scheme);
    const given = typeof option === 'function' ? option(theme) : option;
    chart.current?.setOption({ ...complete(given, baseOption(theme)), animation: !still }, { notMerge: true });
  }, [option, scheme, still, i18n.language]);

  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />;
}
