// SPDX-License-Identifier: Apache-2.0
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './ErrorState';
import { Loading } from './Loading';

interface QueryProps<Data> {
  result: UseQueryResult<Data>;
  lines?: number;
  children: (data: Data) => ReactNode;
}

/** Draws the three states of a query: on its way, failed, there. */
export function Query<Data>({ result, lines, children }: QueryProps<Data>) {
  if (result.data !== undefined) return <>{children(result.data)}</>;
  if (result.isError) return <ErrorState fault={result.error} onRetry={() => void result.refetch()} />;
  return <Loading lines={lines} />;
}
