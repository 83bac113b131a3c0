// SPDX-License-Identifier: Apache-2.0

/** Every way to write numbers, money and times in one language, zone and currency. */
export interface Formatters {
  number: (value: number, digits?: number) => string;
  compact: (value: number) => string;
  percent: (share: number, digits?: number) => string;
  money: (amount: number | undefined | null, currency?: string) => string;
  moneyCompact: (amount: number | undefined | null, currency?: string) => string;
  date: (value: string | undefined | null) => string;
  dateTime: (value: string | undefined | null) => string;
  time: (value: string | undefined | null) => string;
  month: (value: string) => string;
  ago: (value: string, now?: number) => string;
  bytes: (value: number) => string;
  duration: (seconds: number) => string;
  count: (total: { count: number; capped: boolean } | undefined) => string;
}

const NONE = '–';
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/** The number of minor digits of a currency: 0 for KRW, 2 for USD. */
export function minorDigits(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

function moneyWriter(locale: string, currency: string, compact: boolean) {
  const digits = minorDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...(compact
      ? { notation: 'compact' as const, maximumFractionDigits: 1 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    useGrouping: 'always',
  });
  return (amount: number) => format.format(amount / 10 ** digits);
}

function once<Result>(make: (key: string) => Result): (key: string) => Result {
  const kept = new Map<string, Result>();
  return (key) => {
    let made = kept.get(key);
    if (made === undefined) kept.set(key, (made = make(key)));
    return made;
  };
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

function agoWriter(locale: string) {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  return (value: string, now = Date.now()) => {
    const seconds = (new Date(value).getTime() - now) / 1000;
    for (const [unit, size] of steps) {
      if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
    }
    return format.format(0, 'second');
  };
}

function dateWriters(locale: string, zone: string) {
  const day: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: locale.startsWith('ko') ? '2-digit' : 'short',
    day: '2-digit',
  };
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const plain = new Intl.DateTimeFormat(locale, { ...day, timeZone: 'UTC' });
  const zoned = new Intl.DateTimeFormat(locale, { ...day, timeZone: zone });
  const full = new Intl.DateTimeFormat(locale, { ...day, ...clock, timeZone: zone });
  const hours = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit', timeZone: zone });
  const monthOnly = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' });
  const monthZoned = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: zone });
  const safe = (format: Intl.DateTimeFormat) => (value: string | undefined | null) => {
    if (!value) return NONE;
    const date = new Date(value);
    // What is no date (a masked "1990-**-**") is shown as it came.
    return Number.isNaN(date.getTime()) ? value : format.format(date);
  };
  const asDay = safe(plain);
  const asZoned = safe(zoned);
  return {
    date: (value: string | undefined | null) => (value && DATE_ONLY.test(value) ? asDay(value) : asZoned(value)),
    dateTime: safe(full),
    time: safe(hours),
    month: (value: string) =>
      value.length === 7 ? safe(monthOnly)(`${value}-01`) : safe(DATE_ONLY.test(value) ? monthOnly : monthZoned)(value),
  };
}

function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = value > 0 ? Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(1024))) : 0;
  return `${(value / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}

/** Writes a length of time with its two largest units: "3분 12초", "3 min 12 s". */
function durationWriter(korean: boolean) {
  const [s, min, h] = korean ? ['초', '분', '시간'] : [' s', ' min', ' h'];
  return (seconds: number): string => {
    if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)}${s}`;
    const minutes = Math.floor(seconds / 60);
    return minutes < 60
      ? `${minutes}${min} ${Math.round(seconds % 60)}${s}`
      : `${Math.floor(minutes / 60)}${h} ${minutes % 60}${min}`;
  };
}

/** Makes the writers for a language, the company's zone and its currency. */
export function formatters(language: 'ko' | 'en', zone = 'Asia/Seoul', currency = 'KRW'): Formatters {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB';
  const fixed = once((digits) => new Intl.NumberFormat(locale, { maximumFractionDigits: Number(digits) }));
  const share = once((d) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: Number(d) }));
  const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1, useGrouping: 'always' });
  const money = once((code) => moneyWriter(locale, code, false));
  const moneyShort = once((code) => moneyWriter(locale, code, true));
  const number = (value: number, digits = 0) => fixed(String(digits)).format(value);
  return {
    number,
    compact: (value) => short.format(value),
    percent: (value, digits = 1) => share(String(digits)).format(value),
    money: (amount, code) => (amount === undefined || amount === null ? NONE : money(code ?? currency)(amount)),
    moneyCompact: (amount, code) =>
      amount === undefined || amount === null ? NONE : moneyShort(code ?? currency)(amount),
    ...dateWriters(locale, zone),
    ago: agoWriter(locale),
    bytes,
    duration: durationWriter(language === 'ko'),
    count: (total) => (total ? `${number(total.count)}${total.capped ? '+' : ''}` : ''),
  };
}
