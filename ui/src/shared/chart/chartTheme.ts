// SPDX-License-Identifier: Apache-2.0
import type { EChartsCoreOption } from 'echarts/core';

export type ChartOption = EChartsCoreOption;

/** The colours of charts; canvas cannot read CSS variables, so they are kept here per scheme. */
export interface ChartTheme {
  dark: boolean;
  series: string[];
  text: string;
  textDim: string;
  line: string;
  surface: string;
  heat: [string, string];
  good: string;
  bad: string;
  font: string;
}

const series = ['#3e63dd', '#12a594', '#f5a524', '#e5484d', '#8e4ec6', '#0091ff', '#7c9a00', '#8b8f98'];
const font = "'Pretendard Variable', Pretendard, system-ui, sans-serif";

/** The chart colours of a scheme. */
export function chartTheme(scheme: 'light' | 'dark'): ChartTheme {
  return scheme === 'dark'
    ? {
        dark: true,
        series: ['#6f8df0', ...series.slice(1)],
        text: '#eceef1',
        textDim: '#a5abb5',
        line: '#2a2d34',
        surface: '#17191d',
        heat: ['#1b2440', '#3e63dd'],
        good: '#3fb8a9',
        bad: '#f06a6e',
        font,
      }
    : {
        dark: false,
        series,
        text: '#1c2024',
        textDim: '#5b616b',
        line: '#e6e8ec',
        surface: '#ffffff',
        heat: ['#f0f4ff', '#8aa4f1'],
        good: '#0f8f80',
        bad: '#cd2b31',
        font,
      };
}

/** What every chart shares: font, quiet axes, tooltip in the product's look. */
export function baseOption(theme: ChartTheme): ChartOption {
  const axis = {
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { show: false },
    axisLabel: { color: theme.textDim, fontSize: 11.5 },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.7 } },
    nameTextStyle: { color: theme.textDim },
  };
  return {
    color: theme.series,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: theme.font, color: theme.text, fontSize: 12 },
    animationDuration: 250,
    aria: { enabled: true },
    grid: { left: 8, right: 12, top: 28, bottom: 8, containLabel: true },
    legend: { textStyle: { color: theme.textDim }, icon: 'roundRect', itemWidth: 10, itemHeight: 10, top: 0, left: 0 },
    tooltip: {
      confine: true,
      backgroundColor: theme.dark ? '#22252b' : '#ffffff',
      borderColor: theme.line,
      textStyle: { color: theme.text, fontSize: 12, fontFamily: theme.font },
      extraCssText: 'border-radius:8px;box-shadow:0 6px 24px rgb(0 0 0 / 18%)',
    },
    xAxisDefaults: axis,
    yAxisDefaults: axis,
  };
}
