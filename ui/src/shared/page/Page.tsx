// SPDX-License-Identifier: Apache-2.0
import { useEffect, type ReactNode } from 'react';
import { useOverflow } from './useOverflow';
import classes from './Page.module.css';

interface PageProps {
  title: string;
  /** Beside the title: a count, a state. */
  aside?: ReactNode;
  /** At the right end of the head: at most two or three buttons. */
  actions?: ReactNode;
  /** A second bar below the head: tabs, search, filters. */
  bar?: ReactNode;
  /** "scroll" for ordinary pages; "fill" when the content scrolls by itself (grids, canvases). */
  body?: 'scroll' | 'fill';
  /** Keeps the text of a scrolling page to a readable width. */
  width?: number;
  /** Before the title: a way back. */
  before?: ReactNode;
  children: ReactNode;
}

/** The frame of one page: head with title and actions, an optional bar, and the content. */
export function Page({ title, aside, actions, bar, body = 'scroll', width, before, children }: PageProps) {
  const overflow = useOverflow<HTMLDivElement>();
  useEffect(() => {
    document.title = `${title} · Dangol`;
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        {before}
        <h1 className={classes.title}>{title}</h1>
        {aside !== undefined && <div className={classes.aside}>{aside}</div>}
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {bar !== undefined && <div className={classes.bar}>{bar}</div>}
      {body === 'fill' ? (
        <div className={classes.fill}>{children}</div>
      ) : (
        <div className={classes.scroll} {...overflow}>
          <div className={classes.inner} style={width ? { maxWidth: width } : undefined}>
            {children}
          </div>
        </div>
      )}
    </div>
  );
}
