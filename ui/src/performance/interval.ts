// SPDX-License-Identifier: Apache-2.0

const Z95 = 1.959964;

/** The 95 % interval of one share (Wilson): right for small groups and shares near zero as well. */
export function shareInterval(rate: number, count: number): [number, number] {
  if (count <= 0) return [0, 1];
  const z2 = (Z95 * Z95) / count;
  const centre = (rate + z2 / 2) / (1 + z2);
  const half = (Z95 * Math.sqrt((rate * (1 - rate)) / count + z2 / (4 * count))) / (1 + z2);
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** A difference of shares in percentage points with its sign: "+0.8", "−0.2". */
export function points(share: number, digits = 2): string {
  const value = (share * 100).toFixed(digits);
  const isZero = Number(value) === 0;
  return isZero ? (0).toFixed(digits) : share > 0 ? `+${value}` : value.replace('-', '−');
}
