// SPDX-License-Identifier: Apache-2.0

export const inboxStates = ['open', 'done', 'all'] as const;
export const inboxKinds = ['all', 'people', 'notices', 'complaints'] as const;

/** What the address of the inbox says: which mails, and which one is open. */
export interface InboxSearch {
  state?: (typeof inboxStates)[number];
  kind?: (typeof inboxKinds)[number];
  mail?: number;
}

const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((candidate) => candidate === value);

/** Reads the address; what it does not know is left out. */
export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const mail = Number(search.mail);
  return {
    state: oneOf(inboxStates, search.state),
    kind: oneOf(inboxKinds, search.kind),
    mail: Number.isSafeInteger(mail) && mail > 0 ? mail : undefined,
  };
}
