// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Result, Verdict } from '../api';
import { totalsOf, type Row } from './rows';

function row(verdict: Verdict, revenue: number, margin: number, cost: number): Row {
  const result = {
    verdict,
    sent: 100,
    cost: { total: cost },
    incremental_revenue: { value: revenue },
    incremental_margin: { value: margin },
    counts: { unsubscribed: 1 },
  };
  return { campaign: { id: 1, name: 'a', state: 'finished' }, result: result as Result };
}

test('what could not be compared adds neither revenue nor return', () => {
  const totals = totalsOf([row('effect_positive', 1000, 300, 100), row('too_few', 7, 0, 500)]);
  expect(totals).toEqual({ campaigns: 2, sent: 200, cost: 600, revenue: 1000, roi: 2, unsubscribed: 2 });
});

test('without costs there is no return', () => {
  expect(totalsOf([row('effect_positive', 1000, 300, 0)]).roi).toBeUndefined();
});
