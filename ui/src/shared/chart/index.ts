// SPDX-License-Identifier: Apache-2.0
export { Chart, type ChartHit } from './Chart';
export { Sparkline } from './Sparkline';
export { chartTheme, type ChartOption, type ChartTheme } from './chartTheme';
