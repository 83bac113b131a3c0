// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import classes from './Panel.module.css';

interface PanelProps {
  title?: ReactNode;
  aside?: ReactNode;
  actions?: ReactNode;
  /** Leaves out the inner space, for tables and lists that reach the edge. */
  flush?: boolean;
  children: ReactNode;
}

/** A framed part of a page. */
export function Panel({ title, aside, actions, flush, children }: PanelProps) {
  return (
    <section className={classes.panel}>
      {(title !== undefined || actions !== undefined) && (
        <header className={classes.head}>
          <h2>{title}</h2>
          {aside !== undefined && <span className={classes.aside}>{aside}</span>}
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
