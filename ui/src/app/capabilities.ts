// SPDX-License-Identifier: Apache-2.0
import { campaign } from '@/campaign';
import { consent } from '@/consent';
import { cube } from '@/cube';
import { customer } from '@/customer';
import { dataquality } from '@/dataquality';
import { intake } from '@/intake';
import { mail } from '@/mail';
import { match } from '@/match';
import { mining } from '@/mining';
import { order } from '@/order';
import { performance } from '@/performance';
import { segment } from '@/segment';
import { team } from '@/team';
import type { Capability, Command, HomeCard, NavItem, Panel } from './capability';
import { shell } from './shell';

/** Every capability of the product, in the order of the loop. */
export const capabilities: Capability[] = [
  intake,
  customer,
  dataquality,
  match,
  consent,
  order,
  cube,
  mining,
  segment,
  campaign,
  mail,
  performance,
  team,
  shell,
];

export const navItems: NavItem[] = capabilities.flatMap((c) => c.nav ?? []);
export const commands: Command[] = capabilities.flatMap((c) => c.commands ?? []);
export const cards: HomeCard[] = capabilities.flatMap((c) => c.cards ?? []).sort((a, b) => a.order - b.order);

const panels: Panel[] = capabilities.flatMap((c) => c.panels ?? []).sort((a, b) => a.order - b.order);

/** The panels that capabilities bring to a place of another capability's page. */
export function panelsOf(slot: Panel['slot']): Panel[] {
  return panels.filter((panel) => panel.slot === slot);
}
