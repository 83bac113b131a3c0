// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { completeRules, type GroupRule } from './rules';
import { addAt, depthOf, replaceAt, sizeOf, unwrapAt, wrapAt } from './tree';

const seoul = { field: 'sido', is: 'in' as const, value: ['서울특별시'] };
const gold = { field: 'grade', is: 'in' as const, value: ['GOLD'] };
const root: GroupRule = { op: 'and', rules: [seoul, { op: 'or', rules: [gold] }] };

test('a rule is added to an inner group', () => {
  const grown = addAt(root, [1], { segment: 7 });
  expect(sizeOf(grown)).toBe(3);
  expect(grown.rules[1]).toEqual({ op: 'or', rules: [gold, { segment: 7 }] });
});

test('the last rule of an inner group takes the group along', () => {
  expect(replaceAt(root, [1, 0], () => undefined)).toEqual({ op: 'and', rules: [seoul] });
});

test('a rule turns into a group and back', () => {
  const wrapped = wrapAt(root, [0]);
  expect(wrapped.rules[0]).toEqual({ op: 'or', rules: [seoul] });
  expect(unwrapAt(wrapped, [0])).toEqual(root);
  expect(depthOf(wrapped)).toBe(2);
});

test('rules that say too little are not asked', () => {
  expect(completeRules({ op: 'and', rules: [{ field: 'sido', is: 'in', value: [] }] })).toBeUndefined();
  expect(completeRules({ op: 'and', rules: [seoul, { field: 'age', is: 'between', value: [1, ''] }] })?.rules).toEqual([
    seoul,
  ]);
});
