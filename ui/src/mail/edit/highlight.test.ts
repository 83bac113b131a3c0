// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { pieces } from './highlight';

const code = '<p class="a{{grade}}">{{full_name | default "고객"}}{{josa "이/가"}} <!-- 메모 <b> --> 왔습니다</p>';

test('the pieces are the code again', () => {
  expect(
    pieces(code)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(code);
});

test('fields are found in text and inside tags', () => {
  const fields = pieces(code).filter((piece) => piece.kind === 'field');
  expect(fields.map((piece) => piece.text)).toEqual([
    '{{grade}}',
    '{{full_name | default "고객"}}',
    '{{josa "이/가"}}',
  ]);
});

test('what is open stays text', () => {
  expect(pieces('a {{name <b')).toEqual([{ kind: 'text', text: 'a {{name <b' }]);
  expect(pieces('')).toEqual([]);
});
