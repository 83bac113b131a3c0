// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import { useLatest } from './useLatest';

type Listener = (data: unknown) => void;

const listeners = new Map<string, Set<Listener>>();
let source: EventSource | undefined;

interface Message {
  topic: string;
  data: unknown;
}

function deliver(event: MessageEvent<string>) {
  const message = JSON.parse(event.data) as Message;
  for (const [topic, set] of listeners) {
    const hit = topic === message.topic || (topic.endsWith('*') && message.topic.startsWith(topic.slice(0, -1)));
    if (hit) for (const listener of set) listener(message.data);
  }
}

function open() {
  source = new EventSource('/api/live');
  source.addEventListener('message', deliver);
  source.addEventListener('error', () => {
    // A closed source (401, server gone for good) is opened again as long as someone listens.
    if (source?.readyState !== EventSource.CLOSED) return;
    source = undefined;
    if (listeners.size > 0) setTimeout(() => !source && listeners.size > 0 && open(), 5000);
  });
}

/** Listens to one topic of the live stream, such as "job:17", "batch:3" or "job:*". */
export function listen(topic: string, listener: Listener): () => void {
  const set = listeners.get(topic) ?? new Set();
  set.add(listener);
  listeners.set(topic, set);
  if (!source) open();
  return () => {
    set.delete(listener);
    if (set.size === 0) listeners.delete(topic);
    if (listeners.size > 0) return;
    source?.close();
    source = undefined;
  };
}

/** Calls back with every message of a topic as long as the component is on the screen; no topic, no listening. */
export function useLive<Data>(topic: string | undefined, onData: (data: Data) => void): void {
  const latest = useLatest(onData);
  useEffect(() => (topic ? listen(topic, (data) => latest.current(data as Data)) : undefined), [topic, latest]);
}
