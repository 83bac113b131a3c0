// SPDX-License-Identifier: Apache-2.0
import type { Graph, Step, StepKind } from './api';

/** A way out of a step: where the "+" stands and what it sets. */
export interface Way {
  from: string;
  /** "next", "else" or the number of a branch. */
  slot: string;
  to?: string;
}

/** The ways out of a step, in the order drawn. */
export function waysOf(step: Step): Way[] {
  if (step.kind === 'exit') return [];
  if (step.kind === 'split')
    return (step.branches ?? []).map((branch, i) => ({ from: step.id, slot: String(i), to: branch.next || undefined }));
  const ways: Way[] = [{ from: step.id, slot: 'next', to: step.next || undefined }];
  if (step.kind === 'condition') ways.push({ from: step.id, slot: 'else', to: step.else || undefined });
  return ways;
}

/** The entry stands before the first step under this id. */
export const ENTRY = '';

/** Leads a way to another step, or to the end. */
export function lead(graph: Graph, way: Way, to: string | undefined): Graph {
  if (way.from === ENTRY) return { ...graph, first: to };
  return {
    ...graph,
    steps: graph.steps.map((step) => {
      if (step.id !== way.from) return step;
      if (way.slot === 'next' || way.slot === 'else') return { ...step, [way.slot]: to };
      const branches = (step.branches ?? []).map((branch, i) =>
        String(i) === way.slot ? { ...branch, next: to } : branch,
      );
      return { ...step, branches };
    }),
  };
}

function freshId(graph: Graph, kind: StepKind): string {
  const taken = new Set(graph.steps.map((step) => step.id));
  for (let n = 1; ; n++) if (!taken.has(`${kind}${n}`)) return `${kind}${n}`;
}

/** Puts a new step into a way; what came after it comes after the new step. */
export function insert(graph: Graph, way: Way, kind: StepKind): { graph: Graph; id: string } {
  const id = freshId(graph, kind);
  const step: Step = { id, kind };
  if (kind !== 'exit') step.next = way.to;
  if (kind === 'wait') step.days = 1;
  if (kind === 'condition') step.test = 'bought';
  if (kind === 'split') {
    step.branches = [{ share: 1, next: way.to }, { share: 1 }];
    delete step.next;
  }
  const grown = lead({ ...graph, steps: [...graph.steps, step] }, way, id);
  return { graph: kind === 'exit' ? prune(grown) : grown, id };
}

/** Takes a step away; ways to it go on where its first way went. */
export function remove(graph: Graph, id: string): Graph {
  const step = graph.steps.find((one) => one.id === id);
  if (!step) return graph;
  const to = waysOf(step)[0]?.to;
  const moved = (next?: string) => (next === id ? to : next);
  return prune({
    ...graph,
    first: moved(graph.first),
    steps: graph.steps
      .filter((one) => one.id !== id)
      .map((one) => ({
        ...one,
        next: moved(one.next),
        else: moved(one.else),
        branches: one.branches?.map((branch) => ({ ...branch, next: moved(branch.next) })),
      })),
  });
}

/** The steps that a way leads to. */
export function reached(graph: Graph, from = graph.first): Set<string> {
  const found = new Set<string>();
  const visit = (id?: string) => {
    const step = graph.steps.find((one) => one.id === id);
    if (!step || found.has(step.id)) return;
    found.add(step.id);
    for (const way of waysOf(step)) visit(way.to);
  };
  visit(from);
  return found;
}

/** Leaves out steps that nothing leads to any more. */
export function prune(graph: Graph): Graph {
  const kept = reached(graph);
  return { ...graph, steps: graph.steps.filter((step) => kept.has(step.id)) };
}

/** A box on the canvas; a step's id, ENTRY, or the end of a way. */
export interface Box {
  id: string;
  step?: Step;
  end?: Way;
  x: number;
  y: number;
}

/** A line between boxes. */
export interface Line {
  way: Way;
  from: Box;
  to: Box;
}

/** Arranges a drawing by itself: rows by the longest way from the entry, columns by the order of the ways. */
export function arrange(graph: Graph): { boxes: Box[]; lines: Line[]; columns: number; rows: number } {
  const boxes = new Map<string, Box>();
  const lines: { way: Way; to: string }[] = [];
  let columns = 0;
  const steps = new Map(graph.steps.map((step) => [step.id, step]));
  const place = (id: string, row: number, path: Set<string>): number => {
    const known = boxes.get(id);
    if (known) {
      sink(id, row, path);
      return known.x;
    }
    const step = steps.get(id);
    const box: Box = { id, step, x: 0, y: row };
    boxes.set(id, box);
    const ways =
      id === ENTRY ? [{ from: ENTRY, slot: 'next', to: graph.first || undefined }] : step ? waysOf(step) : [];
    const below: number[] = [];
    for (const way of ways) {
      const isNew = !way.to || !boxes.has(way.to);
      if (way.to && steps.has(way.to) && !path.has(way.to)) {
        lines.push({ way, to: way.to });
        const x = place(way.to, row + 1, new Set([...path, id]));
        if (isNew) below.push(x);
      } else {
        const end = `end ${way.from} ${way.slot}`;
        boxes.set(end, { id: end, end: way, x: columns, y: row + 1 });
        lines.push({ way, to: end });
        below.push(columns++);
      }
    }
    box.x = below.length > 0 ? ((below[0] ?? 0) + (below[below.length - 1] ?? 0)) / 2 : columns++;
    return box.x;
  };
  // A step that several ways lead to stands below all of them, and what follows sinks with it.
  const sink = (id: string, row: number, path: Set<string>) => {
    const box = boxes.get(id);
    if (!box || box.y >= row || path.has(id)) return;
    box.y = row;
    for (const line of lines.filter((one) => one.way.from === id)) sink(line.to, row + 1, new Set([...path, id]));
  };
  place(ENTRY, 0, new Set());
  const all = [...boxes.values()];
  return {
    boxes: all,
    lines: lines.flatMap(({ way, to }) => {
      const [from, target] = [boxes.get(way.from), boxes.get(to)];
      return from && target ? [{ way, from, to: target }] : [];
    }),
    columns: Math.max(1, columns),
    rows: Math.max(...all.map((box) => box.y)) + 1,
  };
}
