// SPDX-License-Identifier: Apache-2.0

/** A set as a circle. */
export interface Circle {
  x: number;
  y: number;
  r: number;
}

/** The area that two circles share, by the distance of their centres. */
export function lens(a: number, b: number, d: number): number {
  if (d >= a + b) return 0;
  if (d <= Math.abs(a - b)) return Math.PI * Math.min(a, b) ** 2;
  const alpha = Math.acos((d * d + a * a - b * b) / (2 * d * a));
  const beta = Math.acos((d * d + b * b - a * a) / (2 * d * b));
  return a * a * (alpha - Math.sin(2 * alpha) / 2) + b * b * (beta - Math.sin(2 * beta) / 2);
}

/** The distance at which two circles share an area. */
export function distance(a: number, b: number, shared: number): number {
  let low = Math.abs(a - b);
  let high = a + b;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (lens(a, b, middle) > shared) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How many customers two sets share. */
export const sharedBy = (regions: { sets: number[]; count: number }[], a: number, b: number): number =>
  regions.reduce((sum, region) => sum + (region.sets.includes(a) && region.sets.includes(b) ? region.count : 0), 0);

/**
 * Circles for two or three sets whose areas, and the areas that each two share, are as the numbers are. Three circles
 * cannot always show the part common to all three rightly: the numbers beside them do.
 */
export function circles(sizes: number[], regions: { sets: number[]; count: number }[]): Circle[] {
  const most = Math.max(1, ...sizes);
  const radii = sizes.map((size) => Math.max(0.04, Math.sqrt(size / most)));
  const apart = (i: number, j: number) => {
    const [a = 0, b = 0] = [radii[i], radii[j]];
    return distance(a, b, (sharedBy(regions, i, j) / most) * Math.PI);
  };
  const [first = 0, second = 0, third] = radii;
  const d = apart(0, 1);
  const out = [
    { x: 0, y: 0, r: first },
    { x: d, y: 0, r: second },
  ];
  if (third === undefined) return out;
  const [e, f] = [apart(0, 2), apart(1, 2)];
  const x = d === 0 ? e : (d * d + e * e - f * f) / (2 * d);
  out.push({ x: Math.min(Math.max(x, -e), e), y: Math.sqrt(Math.max(0, e * e - x * x)), r: third });
  return out;
}
