// SPDX-License-Identifier: Apache-2.0

/** What the address of the review page says. */
export interface ReviewSearch {
  tab?: 'patterns' | 'history';
  state?: 'later';
  order?: 'weight' | 'oldest';
  remark?: 'live' | 'group' | 'name' | 'consent';
  pattern?: string;
  customer?: number;
}

const oneOf = <Value extends string>(value: unknown, allowed: readonly Value[]): Value | undefined =>
  allowed.find((one) => one === value);

/** Keeps what is known of an address. */
export function validateReviewSearch(search: Record<string, unknown>): ReviewSearch {
  const kept: ReviewSearch = {
    tab: oneOf(search.tab, ['patterns', 'history'] as const),
    state: oneOf(search.state, ['later'] as const),
    order: oneOf(search.order, ['weight', 'oldest'] as const),
    remark: oneOf(search.remark, ['live', 'group', 'name', 'consent'] as const),
    pattern: typeof search.pattern === 'string' ? search.pattern : undefined,
    customer: typeof search.customer === 'number' ? search.customer : undefined,
  };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}
