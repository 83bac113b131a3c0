// SPDX-License-Identifier: Apache-2.0
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ChartOption, ChartTheme } from './chartTheme';

/** What was clicked in a chart. */
export interface ChartHit {
  name: string;
  dataIndex: number;
  seriesIndex: number;
  value: unknown;
}

export interface ChartProps {
  /** An ECharts option, or a function that makes one from the colours of the scheme. Keep it stable with useMemo. */
  option: ChartOption | ((theme: ChartTheme) => ChartOption);
  height?: number;
  /** What the chart shows, for people who cannot see it; put a table beside it as well. */
  label: string;
  onSelect?: (hit: ChartHit) => void;
}

const EChart = lazy(() => import('./EChart').then((module) => ({ default: module.EChart })));

/** A chart; axes, legend and tooltip take the look of the product by themselves. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 280} />}>
      <EChart {...props} />
    </Suspense>
  );
}
