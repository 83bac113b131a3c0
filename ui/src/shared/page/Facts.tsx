// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import classes from './Facts.module.css';

/** One name with its value. */
export interface Fact {
  label: ReactNode;
  value: ReactNode;
  key?: string;
}

/** Names with values, one a line. */
export function Facts({ facts, labelWidth = 120 }: { facts: Fact[]; labelWidth?: number }) {
  return (
    <dl className={classes.facts} style={{ gridTemplateColumns: `${labelWidth}px minmax(0, 1fr)` }}>
      {facts.map((fact, i) => (
        <div key={fact.key ?? (typeof fact.label === 'string' ? fact.label : i)} className={classes.fact}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
