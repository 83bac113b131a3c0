// SPDX-License-Identifier: Apache-2.0
export { SeriesPicker, useSeriesName } from './SeriesPicker';
export type { SeriesAsk, Step } from './api';
