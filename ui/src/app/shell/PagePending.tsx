// SPDX-License-Identifier: Apache-2.0
import { Loading } from '@/shared/page';

/** Shown while the code or data of a page is on its way. */
export function PagePending() {
  return <Loading />;
}
