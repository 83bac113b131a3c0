// SPDX-License-Identifier: Apache-2.0
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { Archive, Inbox, Mail, MailCheck, MailPlus, Send } from 'lucide-react';
import { defineCapability } from '@/app/capability';
import { shellRoute } from '@/app/layout';
import { starters, type Starter } from './edit/starters';
import { inboxSearch } from './inbox/inboxSearch';
import { singleSearch } from './single/api';

export const mail = defineCapability({
  name: 'mail',
  nav: [
    { stage: 'act', to: '/templates', label: 'mail:title', icon: Mail, permission: 'mail:read', keys: 'g t' },
    { stage: 'act', to: '/inbox', label: 'mail:inbox.title', icon: Inbox, permission: 'mail:inbox', keys: 'g n' },
    { stage: 'act', to: '/mails', label: 'mail:single.title', icon: MailCheck, permission: 'mail:read' },
    { stage: 'settings', to: '/sending', label: 'mail:sending.title', icon: Send, permission: 'mail:admin' },
  ],
  commands: [
    {
      id: 'mail.new',
      label: 'mail:new',
      icon: MailPlus,
      to: '/templates/new',
      permission: 'mail:create',
      words: '메일 template e-mail 새',
    },
    {
      id: 'mail.outbox',
      label: 'mail:outbox.title',
      icon: Archive,
      to: '/outbox',
      permission: 'mail:read',
      words: '발송함 outbox sink',
    },
  ],
});

const page = { getParentRoute: () => shellRoute };

const isStarter = (value: unknown): value is Starter => starters.some((starter) => starter === value);

export const mailRoutes = [
  createRoute({
    ...page,
    path: '/templates',
    component: lazyRouteComponent(() => import('./list/TemplatesPage'), 'TemplatesPage'),
  }),
  createRoute({
    ...page,
    path: '/templates/new',
    validateSearch: (search: Record<string, unknown>): { start?: Starter } =>
      isStarter(search.start) ? { start: search.start } : {},
    component: lazyRouteComponent(() => import('./edit/TemplatePage'), 'NewTemplatePage'),
  }),
  createRoute({
    ...page,
    path: '/templates/$id',
    component: lazyRouteComponent(() => import('./edit/TemplatePage'), 'TemplatePage'),
  }),
  createRoute({
    ...page,
    path: '/outbox',
    validateSearch: (search: Record<string, unknown>): { message?: string } =>
      typeof search.message === 'string' || typeof search.message === 'number'
        ? { message: String(search.message) }
        : {},
    component: lazyRouteComponent(() => import('./outbox/OutboxPage'), 'OutboxPage'),
  }),
  createRoute({
    ...page,
    path: '/sending',
    component: lazyRouteComponent(() => import('./sending/SendingPage'), 'SendingPage'),
  }),
  createRoute({
    ...page,
    path: '/mails',
    validateSearch: singleSearch,
    component: lazyRouteComponent(() => import('./single/SinglePage'), 'SinglePage'),
  }),
  createRoute({
    ...page,
    path: '/inbox',
    validateSearch: inboxSearch,
    component: lazyRouteComponent(() => import('./inbox/InboxPage'), 'InboxPage'),
  }),
] as const;
