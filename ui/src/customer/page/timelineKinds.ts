// SPDX-License-Identifier: Apache-2.0
import {
  BadgeCheck,
  Eraser,
  FileText,
  GitMerge,
  History,
  Mail,
  MailX,
  Megaphone,
  MousePointerClick,
  ShoppingBag,
  Ticket,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import type { Tone } from '@/shared/page';

/** The filters of the timeline with the capabilities that each of them shows. */
export const timelineGroups = {
  order: ['order'],
  campaign: ['campaign', 'mail'],
  consent: ['consent'],
  customer: ['customer'],
} as const satisfies Record<string, readonly string[]>;

export type TimelineGroup = keyof typeof timelineGroups;

interface Look {
  icon: LucideIcon;
  tone: Tone;
}

const looks: Record<string, Look> = {
  order: { icon: ShoppingBag, tone: 'teal' },
  'order.returned': { icon: Undo2, tone: 'amber' },
  'order.cancelled': { icon: Undo2, tone: 'amber' },
  'order.refunded': { icon: Undo2, tone: 'amber' },
  'order.coupon_redeemed': { icon: Ticket, tone: 'amber' },
  'order.promotion': { icon: Megaphone, tone: 'violet' },
  campaign: { icon: Megaphone, tone: 'violet' },
  'campaign.clicked': { icon: MousePointerClick, tone: 'accent' },
  'campaign.unsubscribed': { icon: MailX, tone: 'amber' },
  mail: { icon: Mail, tone: 'accent' },
  consent: { icon: BadgeCheck, tone: 'cyan' },
  'customer.record': { icon: FileText, tone: 'grey' },
  'customer.merged': { icon: GitMerge, tone: 'amber' },
  'customer.erased': { icon: Eraser, tone: 'red' },
  'customer.unmerged': { icon: GitMerge, tone: 'amber' },
};

/** The icon and colour of an entry: by kind, else by capability. */
export function lookOf(kind: string, capability: string): Look {
  return looks[kind] ?? looks[capability] ?? { icon: History, tone: 'grey' };
}
