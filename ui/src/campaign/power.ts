// SPDX-License-Identifier: Apache-2.0

const BASIS_POINTS = 10_000;

/** Twice the square of 1.96 + 0.84: a two-sided 5 % test with 80 % power, rounded as in the rulebook (3.7). */
const SIXTEEN = 16;

/** How many of a set the control group gets: a share, at least a minimum when the set is twice as large. */
export function controlSize(people: number, share: number, minimum: number): number {
  const byShare = Math.round((people * share) / BASIS_POINTS);
  if (share === 0 || byShare >= minimum) return byShare;
  return people >= 2 * minimum ? minimum : byShare;
}

/** The smallest difference of conversion that two groups show at a base rate with 80 % power. */
export function detectable(treatment: number, control: number, rate: number): number | undefined {
  if (treatment < 1 || control < 1 || rate <= 0 || rate >= 1) return undefined;
  return Math.sqrt((SIXTEEN / 2) * rate * (1 - rate) * (1 / treatment + 1 / control));
}

/** The number of people that each of two equal groups needs to show a difference: 16·p(1−p)/δ². */
export function neededEach(rate: number, difference: number): number {
  return Math.ceil((SIXTEEN * rate * (1 - rate)) / (difference * difference));
}
