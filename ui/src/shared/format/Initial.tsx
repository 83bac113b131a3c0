// SPDX-License-Identifier: Apache-2.0
import classes from './Initial.module.css';

const hues = [20, 50, 95, 140, 175, 205, 235, 265, 300, 335];

function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return hues[sum % hues.length] ?? 205;
}

/** The first letter of a name in a quiet colour; plain markup for use in grid cells. */
export function Initial({ name: given, size = 20 }: { name: string; size?: number }) {
  const name = given.replace(/^(\(주\)|㈜|주식회사)|[^\p{L}\p{N}*]/gu, '') || given;
  const hangul = /^[가-힣]/.test(name);
  const letters =
    hangul && size >= 26 && !name.includes('*') ? name.slice(-2) : [...name.trim()].slice(0, 1).join('').toUpperCase();
  return (
    <span
      className={classes.initial}
      style={
        {
          '--hue': hueOf(name),
          width: size,
          height: size,
          fontSize: Math.round(size * (letters.length > 1 ? 0.38 : 0.52)),
        } as React.CSSProperties
      }
      aria-hidden
    >
      {letters || '?'}
    </span>
  );
}
