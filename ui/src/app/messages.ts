// SPDX-License-Identifier: Apache-2.0

/** Turns "/src/customer/ko.json" into the namespace "customer". */
export function byFolder(files: Record<string, Record<string, unknown>>): Record<string, Record<string, unknown>> {
  return Object.fromEntries(Object.entries(files).map(([path, texts]) => [path.split('/').at(-2) ?? path, texts]));
}
