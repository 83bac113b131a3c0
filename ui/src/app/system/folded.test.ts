// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Job } from './api';
import { folded } from './folded';

const job = (id: number, kind: string, personId = 0, state: Job['state'] = 'done'): Job => ({
  id,
  kind,
  state,
  person_id: personId,
  person: '',
  done: 0,
  total: 0,
  note: '',
  attempt: 1,
  max_attempts: 1,
  is_cancelled: false,
  run_at: '',
  created_at: '',
});

test('runs of routine work fold into one row', () => {
  const rows = folded([
    job(5, 'watch'),
    job(4, 'watch'),
    job(3, 'import', 7),
    job(2, 'watch'),
    job(1, 'watch', 0, 'dead'),
  ]);
  expect(rows.map((row) => [row.id, row.times])).toEqual([
    [5, 2],
    [3, 1],
    [2, 1],
    [1, 1],
  ]);
});
