// SPDX-License-Identifier: Apache-2.0
import type { ComponentType, LazyExoticComponent } from 'react';
import type { LucideIcon } from 'lucide-react';

/** The stages of the loop, in the order of the navigation. */
export const stages = ['home', 'collect', 'know', 'understand', 'act', 'measure', 'settings'] as const;
export type Stage = (typeof stages)[number];

/** One entry of the navigation; `label` is a key such as "customer:nav.customers". */
export interface NavItem {
  stage: Stage;
  to: string;
  label: string;
  icon: LucideIcon;
  permission?: string;
  /** A key sequence such as "g c". */
  keys?: string;
  /** True when only the exact address marks it as current. */
  exact?: boolean;
}

/** Something the palette can do; either a place (`to`) or an action (`run`). */
export interface Command {
  id: string;
  label: string;
  icon: LucideIcon;
  to?: string;
  search?: Record<string, unknown>;
  run?: () => void;
  permission?: string;
  keys?: string;
  /** More words that find it, in both languages. */
  words?: string;
}

/** What a panel on the page of one customer is given. */
export interface PanelProps {
  customerId: number;
}

/** A part of the customer page that another capability brings along. */
export interface Panel {
  slot: 'customer.highlight' | 'customer.tab' | 'customer.side';
  id: string;
  label: string;
  order: number;
  permission?: string;
  component: LazyExoticComponent<ComponentType<PanelProps>>;
}

/** A card of the home page that a capability brings along. */
export interface HomeCard {
  id: string;
  order: number;
  wide?: boolean;
  permission?: string;
  component: LazyExoticComponent<ComponentType>;
}

/** Everything a capability adds to the shell besides its routes. */
export interface Capability {
  name: string;
  nav?: NavItem[];
  commands?: Command[];
  panels?: Panel[];
  cards?: HomeCard[];
}

/** Keeps the literal types of a manifest while checking its shape. */
export function defineCapability<const C extends Capability>(capability: C): C {
  return capability;
}
