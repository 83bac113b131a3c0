// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';
import type { Remark } from '@/app/preview';

/** What a message is before the law; it decides labels, consent and night rules. */
export const classes = ['ad', 'informational', 'statutory_notice'] as const;
export type MailClass = (typeof classes)[number];

/** What happens to a recipient for whom a field has no value. */
export const missingRules = ['skip', 'empty'] as const;

/** A template as it is edited. */
export interface TemplateDraft {
  name: string;
  class: MailClass;
  sender: string;
  category: string;
  /** Why an informational message is no advertisement. */
  reason: string;
  subject: string;
  html: string;
  text: string;
  missing: (typeof missingRules)[number];
}

/** The content of a template at one time; it is never changed. */
export interface TemplateVersion {
  id: number;
  number: number;
  subject: string;
  html: string;
  text: string;
  missing: TemplateDraft['missing'];
  fields: string[];
  created_at: string;
}

/** A template with its latest version. */
export interface Template {
  id: number;
  name: string;
  class: MailClass;
  sender: string;
  category: string;
  reason: string;
  approved_by?: number;
  approved_at?: string;
  latest: TemplateVersion;
  created_at: string;
  updated_at: string;
  version: number;
  remarks?: Remark[];
}

/** A value that can be merged into a message. */
export interface MergeField {
  name: string;
  label_ko: string;
  label_en: string;
  kind: 'text' | 'date' | 'number' | 'money' | 'address';
  is_personal: boolean;
}

/** Who sends: what an advertisement must show of them. */
export interface Sender {
  id: number;
  code: string;
  name: string;
  name_en?: string;
  email?: string;
  phone?: string;
  address?: string;
  address_en?: string;
}

/** A message that the outbox keeps instead of sending it. */
export interface OutboxMessage {
  id: string;
  at: string;
  to: string;
  from: string;
  subject: string;
  size: number;
}

/** A kept message with its content. */
export interface OutboxContent extends OutboxMessage {
  html: string;
  text: string;
  headers: Record<string, string>;
}

/** How messages are handed over: by a mail server, or kept on this machine. */
export interface Transport {
  name: string;
  is_local: boolean;
}

export const transportQuery = queryOptions({
  queryKey: ['mail', 'transport'],
  queryFn: ({ signal }) => api.get<Transport>('/api/mail/transport', { signal }),
  staleTime: 60_000,
});

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: ({ signal }) => api.get<Page<Template>>('/api/templates', { query: { limit: 200 }, signal }),
});

export const templateQuery = (id: number) =>
  queryOptions({
    queryKey: ['templates', id],
    queryFn: ({ signal }) => api.get<Template>('/api/templates/{id}', { path: { id }, signal }),
  });

export const versionsQuery = (id: number) =>
  queryOptions({
    queryKey: ['templates', id, 'versions'],
    queryFn: ({ signal }) => api.get<Page<TemplateVersion>>('/api/templates/{id}/versions', { path: { id }, signal }),
  });

export const mergeFieldsQuery = queryOptions({
  queryKey: ['templates', 'fields'],
  queryFn: ({ signal }) => api.get<{ items: MergeField[] }>('/api/templates/fields', { signal }),
  staleTime: 60_000,
});

export const sendersQuery = queryOptions({
  queryKey: ['senders'],
  queryFn: ({ signal }) => api.get<Page<Sender>>('/api/senders', { signal }),
  staleTime: 60_000,
});

/** The draft that changes an existing template. */
export function draftOf(template: Template): TemplateDraft {
  const { name, class: cls, sender, category, reason, latest } = template;
  const { subject, html, text, missing } = latest;
  return { name, class: cls, sender, category, reason, subject, html, text, missing };
}

/** A mail that came in. */
export interface Received {
  id: number;
  kind: 'reply' | 'automatic' | 'bounced' | 'delayed' | 'delivered' | 'receipt' | 'complaint';
  state: 'open' | 'done' | 'archived';
  sender: string;
  sender_name?: string;
  subject: string;
  preview?: string;
  reach?: '' | 'hard' | 'soft' | 'blocked';
  code?: string;
  attachments: number;
  customer_id?: number;
  customer_name?: string;
  campaign_id?: number;
  campaign_name?: string;
  received_at: string;
  settled_at?: string;
  assignee_id?: number;
  assignee?: string;
  note_count: number;
  answered_at?: string;
  version: number;
}

/** What a mail server said of one address. */
export interface DeliveryStatus {
  address: string;
  kind: Received['kind'];
  code?: string;
  diagnostic?: string;
  reach?: Received['reach'];
}

/** A received mail with its content. */
export interface ReceivedMessage extends Received {
  to: string[];
  text: string;
  html?: string;
  statuses: DeliveryStatus[];
  files: { name: string; type: string; size: number }[];
  notes: string[];
  thread: Received[];
  remarks: { id: number; text: string; person: string; created_at: string }[];
  is_masked: boolean;
}

/** One mail to one person outside campaigns. */
export interface Dispatch {
  id: number;
  key: string;
  kind: 'api' | 'trigger' | 'notice' | 'invite' | 'answer' | 'forward' | 'personal';
  origin?: string;
  template_id?: number;
  template?: string;
  template_version?: number;
  customer_id?: number;
  customer_name?: string;
  address: string;
  subject: string;
  state:
    | 'planned'
    | 'leased'
    | 'handing'
    | 'handed_over'
    | 'delivered'
    | 'bounced'
    | 'failed'
    | 'unknown'
    | 'skipped'
    | 'cancelled';
  reason?: string;
  attempts: number;
  due_at: string;
  code?: number;
  reply?: string;
  basis?: string;
  created_at: string;
  handed_over_at?: string;
  read_at?: string;
}

/** What staff wrote to somebody. */
export interface SentLetter extends Dispatch {
  text: string;
  person?: string;
  mail_id?: number;
}

/** Who can have a mail in hand. */
export const staffQuery = queryOptions({
  queryKey: ['people', 'names'],
  queryFn: ({ signal }) => api.get<Page<{ id: number; name: string }>>('/api/people', { signal }),
  staleTime: 300_000,
  retry: false,
});

export const inboxOpenQuery = queryOptions({
  queryKey: ['inbox', 'open'],
  queryFn: ({ signal }) => api.get<{ open: number; receives: boolean }>('/api/mail/inbox/open', { signal }),
});
