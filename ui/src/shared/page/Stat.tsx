// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import classes from './Stat.module.css';

interface StatProps {
  label: ReactNode;
  value: ReactNode;
  /** A line below: change, share, "as of". */
  note?: ReactNode;
  tone?: 'good' | 'bad' | 'warn';
}

/** One number with its name. */
export function Stat({ label, value, note, tone }: StatProps) {
  return (
    <div className={classes.stat}>
      <span className={classes.label}>{label}</span>
      <span className={classes.value}>{value}</span>
      {note !== undefined && (
        <span className={classes.note} data-tone={tone}>
          {note}
        </span>
      )}
    </div>
  );
}
