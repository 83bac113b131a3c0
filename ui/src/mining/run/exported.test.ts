// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { exported } from './exported';

test('a finding is exported with what makes it repeatable, and without single customers', () => {
  const text = exported({
    id: 3,
    kind: 'prediction',
    state: 'done',
    settings: { horizon_days: 90 },
    seed: 7,
    data_seq: 42,
    created_at: '2026-12-01T00:00:00Z',
    result: { auc: 0.8, best: [{ customer_id: 5, score: 0.9 }], study: { models: [{ model: 'tree' }] } },
  });
  const back = JSON.parse(text) as {
    seed: number;
    data_seq: number;
    settings: object;
    result: Record<string, unknown>;
  };
  expect(back).toMatchObject({ seed: 7, data_seq: 42, settings: { horizon_days: 90 } });
  expect(back.result).toEqual({ auc: 0.8, study: { models: [{ model: 'tree' }] } });
});
