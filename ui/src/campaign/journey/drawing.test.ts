// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Graph } from './api';
import { arrange, ENTRY, insert, lead, reached, remove } from './drawing';

const empty: Graph = { entry: { kind: 'purchase' }, steps: [], goal: {}, control_share: 0 };
const entry = { from: ENTRY, slot: 'next' };

function sample(): Graph {
  let graph = insert(empty, entry, 'mail').graph;
  graph = insert(graph, { from: 'mail1', slot: 'next' }, 'condition').graph;
  graph = insert(graph, { from: 'condition1', slot: 'else' }, 'mail').graph;
  return insert(graph, { from: 'condition1', slot: 'next' }, 'wait').graph;
}

test('steps are put into ways and taken out again', () => {
  const graph = sample();
  expect([...reached(graph)].sort()).toEqual(['condition1', 'mail1', 'mail2', 'wait1']);
  const between = insert(graph, { from: ENTRY, slot: 'next', to: 'mail1' }, 'wait');
  expect(between.graph.first).toBe('wait2');
  expect(between.graph.steps.find((step) => step.id === 'wait2')?.next).toBe('mail1');
  expect(remove(between.graph, 'wait2').first).toBe('mail1');
  // The way of a condition that is not gone on with goes with it.
  expect([...reached(remove(graph, 'condition1'))].sort()).toEqual(['mail1', 'wait1']);
  expect(insert(graph, { from: ENTRY, slot: 'next', to: 'mail1' }, 'exit').graph.steps).toHaveLength(1);
});

test('the drawing arranges itself', () => {
  let graph = sample();
  // Both ways meet in one step, which stands below the longer one.
  graph = insert(graph, { from: 'mail2', slot: 'next' }, 'wait').graph;
  graph = lead(graph, { from: 'wait1', slot: 'next' }, 'wait2');
  const { boxes, lines, rows } = arrange(graph);
  const row = (id: string) => boxes.find((box) => box.id === id)?.y ?? -1;
  expect(row('wait2')).toBeGreaterThan(row('mail2'));
  expect(row('wait2')).toBeGreaterThan(row('wait1'));
  expect(lines).toHaveLength(7);
  expect(rows).toBe(6);
  const places = new Set(boxes.map((box) => `${box.x} ${box.y}`));
  expect(places.size).toBe(boxes.length);
});

test('a circle does not hang the drawing', () => {
  const graph = lead(sample(), { from: 'mail2', slot: 'next' }, 'mail1');
  expect(arrange(graph).boxes.length).toBeGreaterThan(4);
});
