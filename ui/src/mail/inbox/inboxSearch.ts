// SPDX-License-Identifier: Apache-2.0

export const inboxStates = ['open', 'done', 'archived', 'all'] as const;
export const inboxKinds = ['all', 'people', 'notices', 'complaints'] as const;

/** What the address of the inbox says: which mails, and which one is open. */
export interface InboxSearch {
  state?: (typeof inboxStates)[number];
  kind?: (typeof inboxKinds)[number];
  q?: string;
  /** mine, none, or the id of a person. */
  assignee?: string;
  files?: boolean;
  mail?: number;
}

const oneOf = <Value extends string>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((candidate) => candidate === value);

const textOf = (value: unknown, pattern: RegExp): string | undefined => {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return pattern.test(text) ? text : undefined;
};

/** Reads the address; what it does not know is left out. */
export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  const mail = Number(search.mail);
  return {
    state: oneOf(inboxStates, search.state),
    kind: oneOf(inboxKinds, search.kind),
    q: textOf(search.q, /^.{1,100}$/s),
    assignee: textOf(search.assignee, /^(mine|none|[1-9]\d{0,15})$/),
    files: search.files === true || undefined,
    mail: Number.isSafeInteger(mail) && mail > 0 ? mail : undefined,
  };
}
