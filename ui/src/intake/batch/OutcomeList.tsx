// SPDX-License-Identifier: Apache-2.0
import { Panel } from '@/shared/page';
import type { Batch } from '../api';
import { FindingsTable } from './FindingsTable';
import type { OutcomeTab } from './Outcomes';
import { RejectsTable } from './RejectsTable';
import { RowsTable } from './RowsTable';

/** What the chosen count consists of. */
export function OutcomeList({ batch, tab }: { batch: Batch; tab: OutcomeTab }) {
  return (
    <Panel flush>
      {tab === 'findings' ? (
        <FindingsTable batch={batch} />
      ) : tab === 'rejected' ? (
        <RejectsTable batchId={batch.id} />
      ) : (
        <RowsTable batchId={batch.id} outcome={tab} />
      )}
    </Panel>
  );
}
