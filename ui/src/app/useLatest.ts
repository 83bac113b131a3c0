// SPDX-License-Identifier: Apache-2.0
import { useLayoutEffect, useRef, type RefObject } from 'react';

/** The newest value for callbacks that outlive the render they were made in. */
export function useLatest<Value>(value: Value): RefObject<Value> {
  const ref = useRef(value);
  useLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}
