// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { difference } from './diff';

const marked = (left: string, right: string) =>
  difference(left, right).map((side) => side.map((piece) => (piece.same ? piece.text : `[${piece.text}]`)).join(''));

test('what differs is marked on both sides', () => {
  expect(marked('김영희', '김영회')).toEqual(['김영[희]', '김영[회]']);
  expect(marked('010-1234-5678', '010-1234-5687')).toEqual(['010-1234-56[7]8', '010-1234-568[7]']);
  expect(marked('서울 강남구', '강남구')).toEqual(['[서울 ]강남구', '강남구']);
  expect(marked('', 'a')).toEqual(['', '[a]']);
});

test('equal texts have no mark, and the pieces give the text back', () => {
  expect(marked('같다', '같다')).toEqual(['같다', '같다']);
  for (const side of difference('abcabba', 'cbabac')) expect(side.length).toBeGreaterThan(0);
  expect(
    difference('abcabba', 'cbabac')
      .map((side) => side.map((p) => p.text).join(''))
      .join('|'),
  ).toBe('abcabba|cbabac');
});
