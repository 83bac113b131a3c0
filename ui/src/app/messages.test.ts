// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { messages as en } from './messages.en';
import { messages as ko } from './messages.ko';

type Tree = { [key: string]: Tree | string };

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );
}

/** English has two plural forms where Korean has one. */
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, '');
const keysOf = (tree: Tree) => new Set(leaves(tree).map(([key]) => withoutPlural(key)));
const namesIn = (text: string) => [...text.matchAll(/{{\s*(\w+)/g)].map((match) => match[1]).sort();

test('Korean and English have the same keys', () => {
  expect(keysOf(en as Tree)).toEqual(keysOf(ko as Tree));
});

test('Korean and English fill in the same values', () => {
  const english = new Map(leaves(en as Tree));
  for (const [key, text] of leaves(ko as Tree)) {
    expect.soft(namesIn(english.get(key) ?? ''), key).toEqual(namesIn(text));
  }
});

test('every text says something', () => {
  for (const [key, text] of [...leaves(ko as Tree), ...leaves(en as Tree)]) expect.soft(text.trim(), key).not.toBe('');
});
