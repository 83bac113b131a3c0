// SPDX-License-Identifier: Apache-2.0
import type { Job } from './api';

/** A job that stands for others like it that ran just before. */
export type Folded = Job & { times: number };

/** Routine work that ended well is shown once for a whole run of it, so that it does not bury the rest. */
export function folded(jobs: Job[]): Folded[] {
  const rows: Folded[] = [];
  for (const job of jobs) {
    const last = rows.at(-1);
    const routine = job.state === 'done' && job.person_id === 0;
    if (last && routine && last.kind === job.kind && last.state === 'done' && last.person_id === 0) last.times += 1;
    else rows.push({ ...job, times: 1 });
  }
  return rows;
}
