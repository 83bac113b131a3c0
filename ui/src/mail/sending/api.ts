// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

/** How a relay does now. */
export interface RelayHealth {
  open: number;
  sent_today: number;
  quota: number;
  problem?: string;
  rests_till?: string;
}

/** A way out for mails. */
export interface Relay {
  id: number;
  name: string;
  kind: 'smtp' | 'direct';
  address: string;
  account?: string;
  has_password: boolean;
  weight: number;
  connections: number;
  warm_from_on?: string;
  warm_first?: number;
  is_active: boolean;
  password_lost?: boolean;
  version: number;
  health?: RelayHealth;
}

/** A key that signs mails. */
export interface DkimKey {
  id: number;
  domain: string;
  selector: string;
  algorithm: 'rsa' | 'ed25519';
  name: string;
  record: string;
  is_active: boolean;
  is_lost?: boolean;
}

/** What the DNS says about one thing that receivers look at. */
export interface Finding {
  check: 'spf' | 'dkim' | 'dmarc' | 'mx' | 'reverse';
  subject: string;
  grade: 'good' | 'weak' | 'bad' | 'unknown';
  code: string;
  message: string;
  found?: string;
  advice?: string;
}

/** How many mails one domain gets; 0 is no limit. */
export interface Pace {
  at_once: number;
  per_minute: number;
}

export const relaysQuery = queryOptions({
  queryKey: ['mail', 'relays'],
  queryFn: ({ signal }) => api.get<Page<Relay>>('/api/mail/relays', { signal }),
  refetchInterval: 10_000,
});

export const dkimQuery = queryOptions({
  queryKey: ['mail', 'dkim'],
  queryFn: ({ signal }) => api.get<Page<DkimKey>>('/api/mail/dkim', { signal }),
});

/** What mail servers and programs are asked for. */
export interface Proof {
  delivery: boolean;
  reading: boolean;
  opens: boolean;
  receives: boolean;
}

export const proofQuery = queryOptions({
  queryKey: ['mail', 'proof'],
  queryFn: ({ signal }) => api.get<Proof>('/api/mail/proof', { signal }),
});

export const paceQuery = queryOptions({
  queryKey: ['mail', 'pace'],
  queryFn: ({ signal }) => api.get<Pace>('/api/mail/pace', { signal }),
});

export const examine = (domain: string) => api.get<Page<Finding>>('/api/mail/doctor', { query: { domain } });
