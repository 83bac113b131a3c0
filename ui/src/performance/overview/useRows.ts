// SPDX-License-Identifier: Apache-2.0
import { useQueries } from '@tanstack/react-query';
import { resultQuery, type MeasuredCampaign } from '../api';
import type { Row } from './rows';

/** Results are counted from the orders; more than these at once would be work for the server without a reader. */
const MOST = 12;

/** The newest campaigns with their results, as they come in. */
export function useRows(campaigns: MeasuredCampaign[]): { rows: Row[]; isCounting: boolean; fault: unknown } {
  const newest = campaigns.toSorted((a, b) => (b.started_at ?? '').localeCompare(a.started_at ?? '')).slice(0, MOST);
  return useQueries({
    queries: newest.map((campaign) => resultQuery(campaign.id)),
    combine: (results) => ({
      rows: newest.flatMap((campaign, i) => {
        const result = results[i]?.data;
        return result ? [{ campaign, result }] : [];
      }),
      isCounting: results.some((result) => result.isPending),
      fault: results.find((result) => result.isError)?.error,
    }),
  });
}
