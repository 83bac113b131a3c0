// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import classes from './Status.module.css';

/** The five tones of a state. */
export type Tone = 'teal' | 'amber' | 'red' | 'cyan' | 'grey' | 'accent' | 'violet';

/** A small coloured word for a state; plain markup, cheap enough for every cell of a grid. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.status} data-tone={tone}>
      {children}
    </span>
  );
}
