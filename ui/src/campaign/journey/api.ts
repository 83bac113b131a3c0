// SPDX-License-Identifier: Apache-2.0
import { queryOptions } from '@tanstack/react-query';
import { api, type Page } from '@/app/api';

export const entryKinds = [
  'segment_entered',
  'segment_left',
  'segment_members',
  'recurring',
  'purchase',
  'silence',
  'birthday',
  'anniversary',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** Tells whether a kind of entry is about a segment itself; for the others a segment only narrows. */
export const usesSegment = (kind?: EntryKind) =>
  kind === 'segment_entered' || kind === 'segment_left' || kind === 'segment_members' || kind === 'recurring';

/** Who comes in. */
export interface Entry {
  kind: EntryKind;
  segment_id?: number;
  days?: number;
  at?: string;
}

export const stepKinds = ['mail', 'wait', 'condition', 'split', 'exit'] as const;
export type StepKind = (typeof stepKinds)[number];

/** One box of the drawing. */
export interface Step {
  id: string;
  kind: StepKind;
  name?: string;
  next?: string;
  else?: string;
  days?: number;
  hours?: number;
  until?: string;
  test?: '' | 'segment' | 'bought' | 'clicked';
  segment_id?: number;
  mail_step?: string;
  branches?: { share: number; next?: string }[];
  template_id?: number;
}

/** The drawing of a journey. */
export interface Graph {
  entry: Entry;
  first?: string;
  steps: Step[];
  goal: { kind?: '' | 'bought' | 'segment'; segment_id?: number };
  reentry?: '' | 'once' | 'after_days' | 'always';
  reentry_days?: number;
  quiet_from?: string;
  quiet_to?: string;
  control_share: number;
  message_cost?: number;
}

/** How many took a step and stand at it. */
export interface StepNews {
  taken: number;
  waiting: number;
  campaign_id?: number;
  sent?: number;
  clicked?: number;
  skipped?: number;
}

export type JourneyState = 'draft' | 'running' | 'paused' | 'ended';

/** A campaign of several steps. */
export interface Journey {
  id: number;
  name: string;
  state: JourneyState;
  graph: Graph;
  number: number;
  is_changed: boolean;
  updated_at: string;
  started_at?: string;
  version: number;
  counts: {
    entered: number;
    active: number;
    done: number;
    goal: number;
    control: number;
    cancelled: number;
    older: number;
    steps: Record<string, StepNews>;
  };
  problems: { step?: string; code: string; message: string }[];
}

/** What the drawing would have done lately. */
export interface Simulation {
  from: string;
  to: string;
  entered: number;
  control: number;
  led: number;
  done: number;
  goal: number;
  waiting: number;
  mails: number;
  cost: number;
  steps: Record<string, { taken: number; passes?: number; no?: Record<string, number> }>;
  click_rate: number;
  remarks: string[];
}

/** One person's way. */
export interface Run {
  id: number;
  customer_id: number;
  name: string;
  number: number;
  entered_at: string;
  step?: string;
  due_at?: string;
  state: 'active' | 'done' | 'goal' | 'control' | 'merged' | 'gone' | 'cancelled';
  visits: { step: string; title: string; at: string }[];
}

export const journeysQuery = queryOptions({
  queryKey: ['journeys'],
  queryFn: ({ signal }) => api.get<Page<Journey>>('/api/journeys', { signal }),
});

export const journeyQuery = (id: number) =>
  queryOptions({
    queryKey: ['journeys', id],
    queryFn: ({ signal }) => api.get<Journey>('/api/journeys/{id}', { path: { id }, signal }),
  });

export const runsQuery = (id: number) =>
  queryOptions({
    queryKey: ['journeys', id, 'runs'],
    queryFn: ({ signal }) =>
      api.get<Page<Run>>('/api/journeys/{id}/runs', { path: { id }, query: { limit: 50 }, signal }),
    refetchInterval: 10_000,
  });

/** What a new journey starts with: one in ten is control (rulebook 3.7), and nothing is sent at night. */
const fresh: Graph = {
  entry: { kind: 'segment_entered' },
  steps: [],
  goal: {},
  reentry: 'once',
  quiet_from: '21:00',
  quiet_to: '08:00',
  control_share: 1000,
};

export const createJourney = (name: string) => api.post<Journey>('/api/journeys', { body: { name, graph: fresh } });

export const saveJourney = (journey: Journey, graph: Graph, name: string) =>
  api.patch<Journey>('/api/journeys/{id}', {
    path: { id: journey.id },
    body: { graph, name, version: journey.version },
  });

export const stepJourney = (id: number, step: 'start' | 'pause' | 'end') =>
  api.post<Journey>(`/api/journeys/{id}/${step}`, { path: { id } });

export const simulateJourney = (id: number) =>
  api.post<Simulation>('/api/journeys/{id}/simulate', { path: { id }, body: {} });
