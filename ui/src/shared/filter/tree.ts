// SPDX-License-Identifier: Apache-2.0
import { isGroup, type GroupRule, type Rule } from './rules';

/** The way to a rule: the index in each group from the root on. */
export type Path = number[];

/** How deep groups may nest; deeper ones are no longer read by people. */
export const DEEPEST = 3;

/** Changes the rule at a path; undefined takes it away. Groups left empty go too, except the root. */
export function replaceAt(root: GroupRule, path: Path, change: (rule: Rule) => Rule | undefined): GroupRule {
  const [index, ...rest] = path;
  if (index === undefined) {
    const changed = change(root);
    return changed && isGroup(changed) ? changed : root;
  }
  const rules = root.rules.flatMap((rule, i) => {
    if (i !== index) return [rule];
    if (rest.length === 0) {
      const changed = change(rule);
      return changed ? [changed] : [];
    }
    if (!isGroup(rule)) return [rule];
    const inner = replaceAt(rule, rest, change);
    return inner.rules.length > 0 ? [inner] : [];
  });
  return { ...root, rules };
}

/** Adds a rule at the end of the group at a path. */
export function addAt(root: GroupRule, path: Path, rule: Rule): GroupRule {
  return replaceAt(root, path, (group) => (isGroup(group) ? { ...group, rules: [...group.rules, rule] } : group));
}

/** Turns a rule into a group with that rule in it. */
export function wrapAt(root: GroupRule, path: Path): GroupRule {
  return replaceAt(root, path, (rule) => ({ op: 'or', rules: [rule] }));
}

/** Takes a group apart: its rules move into the group above. */
export function unwrapAt(root: GroupRule, path: Path): GroupRule {
  const index = path.at(-1);
  if (index === undefined) return root;
  return replaceAt(root, path.slice(0, -1), (parent) =>
    isGroup(parent)
      ? { ...parent, rules: parent.rules.flatMap((r, i) => (i === index && isGroup(r) ? r.rules : [r])) }
      : parent,
  );
}

/** How many groups lie inside each other. */
export function depthOf(rule: Rule): number {
  return isGroup(rule) ? 1 + Math.max(0, ...rule.rules.map(depthOf)) : 0;
}

/** How many questions a tree asks. */
export function sizeOf(rule: Rule): number {
  return isGroup(rule) ? rule.rules.reduce((sum, r) => sum + sizeOf(r), 0) : 1;
}
