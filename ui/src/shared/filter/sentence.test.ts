// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { changeLanguage, startI18n } from '@/app/i18n';
import { sentenceOf } from './sentence';
import type { Catalogue, GroupRule } from './rules';

const catalogue: Catalogue = {
  fields: [
    { name: 'sido', label: '시·도', type: 'choice' },
    { name: 'age', label: '나이', type: 'integer' },
    { name: 'grade', label: '등급', type: 'choice' },
    { name: 'has_email', label: '이메일 있음', type: 'boolean' },
  ],
  events: [
    {
      name: 'order',
      label: '구매',
      fields: [
        { name: 'channel', label: '채널', type: 'choice' },
        { name: 'product.category', label: '분류', type: 'choice' },
      ],
      sums: [{ name: 'quantity', label: '수량', type: 'number', scale: 1000 }],
    },
  ],
  segments: [{ id: 7, name: '단골' }],
};

const rules: GroupRule = {
  op: 'and',
  rules: [
    { field: 'sido', is: 'in', value: ['서울특별시'] },
    { field: 'age', is: 'gte', value: 30 },
    {
      event: 'order',
      count: { is: 'gte', value: 2 },
      within: { last_days: 90 },
      where: { op: 'and', rules: [{ field: 'channel', is: 'in', value: ['매장'] }] },
    },
    { op: 'not', rules: [{ segment: 7 }] },
  ],
};

beforeAll(async () => {
  vi.stubGlobal('localStorage', { getItem: () => 'ko', setItem: () => undefined });
  vi.stubGlobal('document', { documentElement: {} });
  await startI18n();
});
afterAll(() => void vi.unstubAllGlobals());

test('rules are said in Korean', async () => {
  await changeLanguage('ko');
  expect(sentenceOf(rules, catalogue)).toBe(
    '시·도가 서울특별시이고, 나이가 30 이상이고, 최근 90일 동안 채널이 매장인 구매를 2번 이상 했고, (세그먼트 ‘단골’에 속하는 조건)에 해당하지 않는 고객',
  );
  const or: GroupRule = {
    op: 'or',
    rules: [
      { field: 'grade', is: 'is_not_set' },
      { field: 'has_email', is: 'eq', value: false },
      { event: 'order', count: { is: 'eq', value: 0 } },
      { event: 'order', sum: { of: 'quantity', is: 'gte', value: 3000 } },
    ],
  };
  expect(sentenceOf(or, catalogue)).toBe(
    '등급 값이 없거나, ‘이메일 있음’에 해당하지 않거나, 구매를 한 번도 하지 않았거나, 구매 수량 합계가 3 이상인 고객',
  );
});

test('what followed, and the best days in a row', async () => {
  await changeLanguage('ko');
  const then: GroupRule = {
    op: 'and',
    rules: [
      {
        event: 'order',
        followed_by: {
          within_days: 30,
          where: { op: 'and', rules: [{ field: 'product.category', is: 'in', value: ['음료'] }] },
        },
      },
      { event: 'order', count: { is: 'gte', value: 3 }, in_days: 7 },
      { event: 'order', last: { is: 'not_in_last_days', value: 60 } },
      { event: 'order', distinct: { of: 'product.category', is: 'gte', value: 4 } },
    ],
  };
  expect(sentenceOf(then, catalogue)).toBe(
    '30일 안에 분류가 음료인 구매가 뒤따른 구매를 한 번이라도 했고, 연속한 7일 안에 구매를 3번 이상 했고, 구매가 60일 넘게 없고, 구매에서 서로 다른 분류가 4가지 이상인 고객',
  );
});

test('rules are said in English', async () => {
  await changeLanguage('en');
  expect(sentenceOf(rules, catalogue)).toBe(
    'Customers whose 시·도 is 서울특별시, and whose 나이 is at least 30, and who had “구매” at least 2 times in the last 90 days (whose 채널 is 매장), and not (who are in the segment “단골”)',
  );
  expect(sentenceOf(undefined, catalogue)).toBe('All customers');
});
