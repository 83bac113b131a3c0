// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { formatters } from './formatters';
import { choseongOf, matchesHangul } from './hangul';
import { formatPhone } from './phone';

const ko = formatters('ko');
const en = formatters('en');

test('money is written from minor units', () => {
  expect(ko.money(47_140_000)).toBe('₩47,140,000');
  expect(ko.moneyCompact(47_140_000)).toBe('₩4,714만');
  expect(en.money(1999, 'USD')).toBe('$19.99');
  expect(ko.money(undefined)).toBe('–');
});

test('times are shown in the zone of the company, dates are not moved', () => {
  expect(ko.dateTime('2026-11-20T23:59:00Z')).toBe('2026. 11. 21. 08:59');
  expect(ko.date('2026-11-20')).toBe('2026. 11. 20.');
  expect(ko.month('2026-10-31T20:00:00Z')).toBe('2026년 11월');
  expect(ko.month('2026-10')).toBe('2026년 10월');
});

test('what is no date is shown as it came', () => {
  expect(ko.date('1990-**-**')).toBe('1990-**-**');
});

test('capped counts end with a plus', () => {
  expect(ko.count({ count: 10_000, capped: true })).toBe('10,000+');
});

test('phones read as people in Korea write them', () => {
  expect(formatPhone('+821012345678')).toBe('010-1234-5678');
  expect(formatPhone('+8225551234')).toBe('02-555-1234');
  expect(formatPhone('+82317012345')).toBe('031-701-2345');
  expect(formatPhone('+8215881234')).toBe('1588-1234');
  expect(formatPhone('010-****-5678')).toBe('010-****-5678');
  expect(formatPhone('+14155550101')).toBe('+14155550101');
});

test('initial consonants find names', () => {
  expect(choseongOf('홍길동')).toBe('ㅎㄱㄷ');
  expect(matchesHangul('휴대전화', 'ㅎㄷ')).toBe(true);
  expect(matchesHangul('시·도', '시')).toBe(true);
  expect(matchesHangul('E-mail', 'mail')).toBe(true);
  expect(matchesHangul('등급', 'ㅎ')).toBe(false);
});
