// SPDX-License-Identifier: Apache-2.0
export { confirm } from './confirm';
export { askPurpose } from './askPurpose';
export { EmptyState } from './EmptyState';
export { ErrorState } from './ErrorState';
export { Facts, type Fact } from './Facts';
export { Keys } from './Keys';
export { Loading } from './Loading';
export { Page } from './Page';
export { Panel } from './Panel';
export { Query } from './Query';
export { SidePeek } from './SidePeek';
export { SimpleTable, type SimpleColumn } from './SimpleTable';
export { Stat } from './Stat';
export { Status, type Tone } from './Status';
export { tell, tellUndo } from './toasts';
export { ViewTabs, type ViewTab } from './ViewTabs';
