// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { adviceOf } from './advice';
import type { Result, Verdict } from './api';

function result(verdict: Verdict, more: Partial<Result> = {}): Result {
  return {
    verdict,
    window: { days: 7, is_complete: true },
    cost: { messages: 100, components: [], total: 100 },
    sent: 1000,
    unsubscribe_rate: 0,
    bounce_rate: 0,
    ...more,
  } as Result;
}

test('what worked is repeated, unless it surely cost more than it brought', () => {
  expect(adviceOf(result('effect_positive'))).toEqual(['repeat']);
  expect(adviceOf(result('effect_positive', { roi: { value: -0.5, low: -0.9, high: -0.1 } }))).toEqual(['lower_cost']);
  expect(adviceOf(result('effect_positive', { roi: { value: -0.5, low: -0.9, high: 0.4 } }))).toEqual(['repeat']);
});

test('while the window is open the first advice is to wait', () => {
  const open = { window: { days: 7, is_complete: false } };
  expect(adviceOf(result('no_effect_shown', open))).toEqual(['wait']);
  expect(adviceOf(result('no_effect_shown'))).toEqual(['larger', 'change_offer']);
});

test('refusals and bounces are told whatever the effect', () => {
  const tired = { unsubscribe_rate: 0.01, bounce_rate: 0.05 };
  expect(adviceOf(result('no_control', tired))).toEqual(['keep_control', 'fewer_sends', 'clean_addresses']);
});
