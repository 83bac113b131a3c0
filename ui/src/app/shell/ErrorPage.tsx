// SPDX-License-Identifier: Apache-2.0
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorState } from '@/shared/page';

/** Shown in the place of a page that failed to load or to draw. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  return <ErrorState fault={error} onRetry={reset} />;
}
