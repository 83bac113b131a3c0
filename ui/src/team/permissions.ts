// SPDX-License-Identifier: Apache-2.0

const split = (permission: string): [string, string] => {
  const [capability = '', action = ''] = permission.split(':');
  return [capability, action];
};

/** Tells whether one of the patterns grants a permission. */
export function allowed(patterns: string[], permission: string): boolean {
  const [capability, action] = split(permission);
  return patterns.some(
    (pattern) => pattern === '*' || [`${capability}:*`, `*:${action}`, '*:*', permission].includes(pattern),
  );
}

/** The actions by capability, in the order of the alphabet but with "read" first. */
export function capabilitiesOf(known: string[]): [string, string[]][] {
  const actions = new Map<string, string[]>();
  for (const permission of [...known].sort()) {
    const [capability, action] = split(permission);
    const list = actions.get(capability) ?? [];
    if (action === 'read') list.unshift(action);
    else list.push(action);
    actions.set(capability, list);
  }
  return [...actions];
}

/** Grants or takes away one permission; patterns that covered it are written out first. */
export function toggled(patterns: string[], permission: string, known: string[]): string[] {
  if (!allowed(patterns, permission)) return [...patterns, permission].sort();
  const [capability, action] = split(permission);
  const covering = new Set(['*', '*:*', `${capability}:*`, `*:${action}`]);
  const kept = patterns.filter((pattern) => !covering.has(pattern) && pattern !== permission);
  const written = patterns.some((pattern) => covering.has(pattern))
    ? known.filter((one) => one !== permission && allowed(patterns, one) && !allowed(kept, one))
    : [];
  return [...new Set([...kept, ...written])].sort();
}
