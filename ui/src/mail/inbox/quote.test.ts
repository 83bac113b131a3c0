// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { quoted, subjectOf } from './quote';

test('the mark of an answer is put once', () => {
  expect(subjectOf('문의', 'answer')).toBe('Re: 문의');
  expect(subjectOf('RE: 문의', 'answer')).toBe('RE: 문의');
  expect(subjectOf('Re: 문의', 'forward')).toBe('Fwd: Re: 문의');
  expect(subjectOf('', 'answer')).toBe('Re:');
});

test('an answer quotes line by line, a forwarded mail as it stands', () => {
  expect(quoted('a\r\nb\n\n', 'who:', true)).toBe('\n\nwho:\n> a\n> b\n');
  expect(quoted('a\nb', 'who:', false)).toBe('\n\nwho:\na\nb\n');
});
