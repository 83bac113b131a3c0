// SPDX-License-Identifier: Apache-2.0

/** Splits national digits of a Korean number (rulebook 1.7): 02 has two, others three digits in front. */
function korean(digits: string): string {
  if (/^1[5-8]\d{6}$/.test(digits)) return `${digits.slice(0, 4)}-${digits.slice(4)}`;
  const front = digits.startsWith('02') ? 2 : /^05\d{2}/.test(digits) ? 4 : 3;
  const rest = digits.slice(front);
  if (rest.length < 5) return digits;
  return `${digits.slice(0, front)}-${rest.slice(0, -4)}-${rest.slice(-4)}`;
}

/** Writes an E.164 number as people in Korea read it; others stay international, masked ones as they came. */
export function formatPhone(value: string | undefined | null): string {
  if (!value) return '';
  if (value.includes('*') && value.includes('-')) return value;
  if (value.startsWith('+82')) {
    const rest = value.slice(3);
    return korean(/^1[5-8]/.test(rest) && rest.length === 8 ? rest : `0${rest}`);
  }
  return value;
}
