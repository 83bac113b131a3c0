// SPDX-License-Identifier: Apache-2.0
export { RunFrame } from './RunFrame';
export { pinnedQuery, runsQuery, runQuery, startRun, type Run, type Words } from './api';
export { RunProgress } from './RunProgress';
export { PinBar } from './PinBar';
export { RunFacts } from './RunFacts';
