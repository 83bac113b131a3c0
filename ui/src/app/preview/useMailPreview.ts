// SPDX-License-Identifier: Apache-2.0
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api';
import type { PickedCustomer } from '../pick';

/** What to show: a stored template, or a draft that is not saved. */
export interface PreviewOf {
  template_id?: number;
  template?: object;
}

/** Something that the check of a message found. */
export interface Remark {
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  fields?: Record<string, unknown>;
}

/** A message as one customer would get it, labels and footer included. */
export interface Rendered {
  subject: string;
  html: string;
  text: string;
  missing: string[];
  remarks: Remark[];
  /** Personal values of the customer are masked. */
  is_masked: boolean;
  bytes: number;
}

const SETTLE = 350;

/** Renders a message, anew when typing pauses; the last good one stays while the next is on its way. */
export function useMailPreview(of: PreviewOf | undefined, customer: PickedCustomer | undefined) {
  // Compared by its text: callers make the object anew on each render.
  const [settled] = useDebouncedValue(of && JSON.stringify(of), SETTLE, { leading: true });
  return useQuery({
    queryKey: ['templates', 'preview', settled, customer?.id],
    queryFn: ({ signal }) =>
      api.post<Rendered>('/api/templates/preview', {
        body: { ...(JSON.parse(settled ?? '{}') as PreviewOf), customer_id: customer?.id },
        signal,
      }),
    enabled: settled !== undefined,
    placeholderData: (old) => old,
    retry: false,
    staleTime: 60_000,
  });
}
