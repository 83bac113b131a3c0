// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import en from '../en.json';
import ko from '../ko.json';
import { readFileSync, readdirSync } from 'node:fs';

const source = readFileSync(new URL('./reason.ts', import.meta.url), 'utf8');
const patterns = [...source.matchAll(/\[\/(.*)\/, '(\w+)'\]/g)].map(([, pattern = '', key = '']) => ({
  pattern: new RegExp(pattern),
  key,
}));

test('every reason has words in both languages', () => {
  expect(patterns.length).toBeGreaterThan(15);
  for (const { key } of patterns) {
    expect(ko.reason).toHaveProperty(key);
    expect(en.reason).toHaveProperty(key);
  }
});

test('what the image gives as a reason is known', () => {
  const folder = new URL('../../../../internal/platform/warehouse/image/', import.meta.url);
  const said = readdirSync(folder)
    .filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/unsupported\("(.*?)"/g)])
    .map(([, text = '']) => text.replaceAll('%d', '8'));
  expect(said.length).toBeGreaterThan(15);
  expect(said.filter((text) => !patterns.some(({ pattern }) => pattern.test(text)))).toEqual([]);
});
