// SPDX-License-Identifier: Apache-2.0
import type { Run } from './api';

/** Whether a list is of single customers. */
const isOfCustomers = (value: unknown) =>
  Array.isArray(value) &&
  value.some((one) => typeof one === 'object' && one !== null && Object.hasOwn(one as object, 'customer_id'));

/** Leaves lists of single customers out: persons are exported from segments, with a purpose. */
function withoutPersons(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPersons);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => !isOfCustomers(inner))
      .map(([key, inner]) => [key, withoutPersons(inner)]),
  );
}

/** A finding as a file: the result with everything that makes it repeatable. */
export function exported(run: Run): string {
  const { kind, settings, seed, data_seq, created_at, finished_at, note, result } = run;
  return JSON.stringify(
    { kind, settings, seed, data_seq, created_at, finished_at, note, result: withoutPersons(result) },
    null,
    2,
  );
}
