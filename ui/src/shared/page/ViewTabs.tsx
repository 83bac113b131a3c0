// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import classes from './ViewTabs.module.css';

/** One tab over a table or page. */
export interface ViewTab {
  id: string;
  label: ReactNode;
  count?: ReactNode;
  /** Has changes that are not saved. */
  changed?: boolean;
}

interface ViewTabsProps {
  label: string;
  tabs: ViewTab[];
  value: string;
  onChange: (id: string) => void;
  /** After the last tab. */
  children?: ReactNode;
}

/** Tabs as quiet words, for views of one data set; arrows walk them. */
export function ViewTabs({ label, tabs, value, onChange, children }: ViewTabsProps) {
  const walk = (event: React.KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = tabs.findIndex((tab) => tab.id === value);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    onChange(next.id);
    event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[tabs.indexOf(next)]?.focus();
  };
  return (
    <div className={classes.wrap}>
      <div role="tablist" aria-label={label} className={classes.tabs} onKeyDown={walk}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            aria-selected={tab.id === value}
            tabIndex={tab.id === value ? 0 : -1}
            className={classes.tab}
            onClick={() => onChange(tab.id)}
          >
            {tab.label}
            {tab.changed && <span className={classes.dot} />}
            {tab.count !== undefined && <span className={classes.count}>{tab.count}</span>}
          </button>
        ))}
      </div>
      {children}
    </div>
  );
}
