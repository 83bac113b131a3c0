// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { allowed, capabilitiesOf, toggled } from './permissions';

const known = ['customer:merge', 'customer:read', 'order:read', 'team:admin'];

test('patterns grant what they cover', () => {
  expect(allowed(['*'], 'team:admin')).toBe(true);
  expect(allowed(['customer:*'], 'customer:merge')).toBe(true);
  expect(allowed(['*:read'], 'customer:merge')).toBe(false);
});

test('actions stand by capability with reading first', () => {
  expect(capabilitiesOf(known)[0]).toEqual(['customer', ['read', 'merge']]);
});

test('taking one permission from a pattern writes the rest out', () => {
  expect(toggled(['customer:*', 'order:read'], 'customer:merge', known)).toEqual(['customer:read', 'order:read']);
  expect(toggled(['*:read'], 'order:read', known)).toEqual(['customer:read']);
});

test('granting adds just one', () => {
  expect(toggled(['order:read'], 'team:admin', known)).toEqual(['order:read', 'team:admin']);
});
