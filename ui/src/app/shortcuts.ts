// SPDX-License-Identifier: Apache-2.0
import { useEffect, useSyncExternalStore } from 'react';
import { useLatest } from './useLatest';

/** One key that works now. Keys: "j", "shift+x", "mod+k", "g c" (one after the other), "?", "Enter". */
export interface Shortcut {
  keys: string;
  /** What it does, already translated. */
  label: string;
  run: (event: KeyboardEvent) => void;
  /** Works while typing in a field too (only sensible with mod). */
  inFields?: boolean;
  /** Shown in the "?" sheet but handled by a component of its own. */
  shownOnly?: boolean;
}

/** The shortcuts of one part of the screen. */
export interface ShortcutGroup {
  title: string;
  shortcuts: Shortcut[];
}

const groups = new Map<symbol, ShortcutGroup>();
const listeners = new Set<() => void>();
let snapshot: ShortcutGroup[] = [];

function changed() {
  snapshot = [...groups.values()];
  for (const tell of listeners) tell();
}

/** The groups that are valid on the present screen, for the "?" sheet. */
export function useShortcutGroups(): ShortcutGroup[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => snapshot,
  );
}

/** Makes shortcuts work as long as the component is on the screen. */
export function useShortcuts(title: string, shortcuts: Shortcut[]): void {
  const latest = useLatest(shortcuts);
  const signature = shortcuts.map((s) => `${s.keys}\t${s.label}`).join('\n');
  useEffect(() => {
    const id = Symbol(title);
    const bound = latest.current.map((shortcut, i) => ({
      ...shortcut,
      run: (event: KeyboardEvent) => latest.current[i]?.run(event),
    }));
    groups.set(id, { title, shortcuts: bound });
    changed();
    return () => {
      groups.delete(id);
      changed();
    };
  }, [title, signature, latest]);
}

/** The key of an event by its place on the keyboard, so that it also works while Hangul input is on. */
export function keyName(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): string {
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const base = letter ?? (event.key === ' ' ? 'Space' : event.key);
  const parts = [
    event.ctrlKey || event.metaKey ? 'mod' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey && (letter !== undefined || base.length > 1) ? 'shift' : '',
    base,
  ];
  return parts.filter(Boolean).join('+');
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

const PAUSE = 900;
let before = '';
let timer = 0;

function onKeyDown(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing) return;
  const key = keyName(event);
  const inField = typing(event.target);
  const inDialog = document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
  const all = [...groups.values()].toReversed().flatMap((group) => group.shortcuts);
  const sequence = before ? `${before} ${key}` : key;
  clearTimeout(timer);
  before = '';
  for (const wanted of new Set([sequence, key])) {
    const hit = all.find((s) => s.keys === wanted && !s.shownOnly && (s.inFields || (!inField && !inDialog)));
    if (!hit) continue;
    event.preventDefault();
    hit.run(event);
    return;
  }
  if (!inField && all.some((s) => s.keys.startsWith(`${key} `))) {
    before = key;
    timer = window.setTimeout(() => {
      before = '';
    }, PAUSE);
  }
}

if (typeof window !== 'undefined') window.addEventListener('keydown', onKeyDown);

const mac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
const shown: Record<string, string> = {
  mod: mac ? '⌘' : 'Ctrl',
  shift: '⇧',
  alt: mac ? '⌥' : 'Alt',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The caps to draw for keys: [["Ctrl","K"]] or [["G"],["C"]]. */
export function keyCaps(keys: string): string[][] {
  return keys
    .split(' ')
    .map((press) => press.split('+').map((k) => shown[k] ?? (k.length === 1 ? k.toUpperCase() : k)));
}
