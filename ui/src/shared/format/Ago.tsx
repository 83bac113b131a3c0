// SPDX-License-Identifier: Apache-2.0
import { useFormat } from './useFormat';

/** A time as "3 minutes ago" with the exact time as its title. */
export function Ago({ at }: { at: string }) {
  const { ago, dateTime } = useFormat();
  return (
    <time dateTime={at} title={dateTime(at)}>
      {ago(at)}
    </time>
  );
}
