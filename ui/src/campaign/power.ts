// SPDX-License-Identifier: Apache-2.0

/** z of a two-sided 5 % test plus z of 80 % power; squared and doubled it is the 16 of the rulebook (3.7). */
const REACH = 1.96 + 0.84;

/** How many people of a set the control group gets. */
export function controlSize(sendable: number, percent: number): number {
  return Math.round((sendable * percent) / 100);
}

/** The smallest difference of conversion that two groups can show at a base rate with 80 % power. */
export function detectable(treatment: number, control: number, rate: number): number | undefined {
  if (treatment < 1 || control < 1 || rate <= 0 || rate >= 1) return undefined;
  return REACH * Math.sqrt(rate * (1 - rate) * (1 / treatment + 1 / control));
}

/** The number of people that each of two equal groups needs to show a difference (16·p(1−p)/δ²). */
export function neededEach(rate: number, difference: number): number {
  return Math.ceil((2 * REACH * REACH * rate * (1 - rate)) / (difference * difference));
}
