// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Mapping, MappedColumn } from './api';
import { applyCorrections, gapsOf, problemsOf, retarget, slugOf, stateOf } from './mapping';

const column = (index: number, header: string, field: string, more: Partial<MappedColumn> = {}): MappedColumn => ({
  index,
  header,
  field,
  confidence: 1,
  reason: '',
  ...more,
});

const mapping = (kind: Mapping['kind'], ...columns: MappedColumn[]): Mapping => ({
  kind,
  kind_confidence: 1,
  columns,
  key_columns: [],
  header_signature: 's',
});

test('two columns for one field are told of on both', () => {
  const problems = problemsOf(
    mapping('customers', column(0, '연락처', 'mobile'), column(1, 'HP', 'mobile'), column(2, '메모', 'ignore')),
  );
  expect(problems.get(0)).toEqual({ kind: 'twice', other: 'HP' });
  expect(problems.get(1)).toEqual({ kind: 'twice', other: '연락처' });
  expect(problems.has(2)).toBe(false);
});

test('keys need a scheme of their own', () => {
  const key = (index: number, header: string, scheme?: string) => column(index, header, 'key', { scheme });
  expect(problemsOf(mapping('customers', key(0, 'A', '회원번호'), key(1, 'B', '카드번호'))).size).toBe(0);
  expect(problemsOf(mapping('customers', key(0, 'A', '번호'), key(1, 'B', '번호 '))).get(1)?.kind).toBe('schemeTwice');
  expect(problemsOf(mapping('customers', key(0, 'A', ' '))).get(0)?.kind).toBe('noScheme');
});

test('what is missing depends on the kind', () => {
  expect(gapsOf(mapping('customers', column(0, '등급', 'grade')))).toEqual(['who']);
  expect(gapsOf(mapping('transactions', column(0, '회원', 'key'), column(1, '수량', 'quantity')))).toEqual([
    'when',
    'amount',
  ]);
  expect(
    gapsOf(
      mapping(
        'transactions',
        column(0, '회원', 'key'),
        column(1, '일시', 'ordered_at'),
        column(2, '단가', 'unit_price'),
        column(3, '수량', 'quantity'),
      ),
    ),
  ).toEqual([]);
});

test('corrections are laid over the proposal by header, and keys follow', () => {
  const given = mapping('customers', column(0, '번호', 'ignore', { confidence: 0.2 }), column(1, '이름', 'full_name'));
  const done = applyCorrections(given, { 번호: { field: 'key', scheme: '회원번호' }, 없는열: { field: 'email' } });
  expect(done.columns[0]).toMatchObject({ field: 'key', scheme: '회원번호', confidence: 1 });
  expect(done.key_columns).toEqual([0]);
  expect(given.columns[0]?.field).toBe('ignore');
});

test('a new target brings what it needs', () => {
  expect(retarget(column(3, '취미', 'ignore'), 'attribute').attribute).toEqual({
    slug: 'field_4',
    label: '취미',
    type: 'text',
  });
  expect(retarget(column(3, 'Card No.', 'ignore'), 'key').scheme).toBe('Card No.');
  expect(slugOf('Card No.', 0)).toBe('card_no');
});

test('the badge tells how a column is used', () => {
  expect(stateOf(column(0, 'a', 'email'))).toBe('matched');
  expect(stateOf(column(0, 'a', 'email', { confidence: 0.3 }))).toBe('unsure');
  expect(stateOf(column(0, 'a', 'ignore', { confidence: 0.1 }))).toBe('skipped');
  const hobby = column(0, 'a', 'attribute', { attribute: { slug: 'hobby', label: '취미', type: 'text' } });
  expect(stateOf(hobby)).toBe('new');
  expect(stateOf(hobby, undefined, new Set(['hobby']))).toBe('matched');
});
