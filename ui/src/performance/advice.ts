// SPDX-License-Identifier: Apache-2.0
import type { Result } from './api';

/** What a person may do next after a result. */
export type Advice =
  | 'wait'
  | 'keep_control'
  | 'repeat'
  | 'stop'
  | 'lower_cost'
  | 'larger'
  | 'change_offer'
  | 'enter_cost'
  | 'fewer_sends'
  | 'clean_addresses';

/** More refusals than this are a sign that people are tired of the messages. */
const MANY_REFUSALS = 0.005;
/** More bounces than this harm the sender's standing with mail servers. */
const MANY_BOUNCES = 0.03;

/** What to do next, the most useful first; nothing is advised that the intervals do not carry. */
export function adviceOf(result: Result): Advice[] {
  const advice: Advice[] = [];
  const { verdict, roi, window, sent } = result;
  if (!window.is_complete && verdict !== 'no_control') advice.push('wait');
  if (verdict === 'no_control') advice.push('keep_control');
  if (verdict === 'effect_positive') advice.push(roi && roi.high < 0 ? 'lower_cost' : 'repeat');
  if (verdict === 'effect_negative') advice.push('stop');
  if (verdict === 'no_effect_shown' && window.is_complete) advice.push('larger', 'change_offer');
  if (verdict === 'too_few' && window.is_complete) advice.push('larger');
  if (result.cost.total === 0 && verdict !== 'no_control') advice.push('enter_cost');
  if (sent > 0 && result.unsubscribe_rate > MANY_REFUSALS) advice.push('fewer_sends');
  if (sent > 0 && result.bounce_rate > MANY_BOUNCES) advice.push('clean_addresses');
  return advice;
}
