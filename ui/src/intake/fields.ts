// SPDX-License-Identifier: Apache-2.0
import type { Kind } from './api';

/** What a column can fill, in the groups of the picker; the names are those of the API. */
const customerGroups = {
  name: ['full_name', 'family_name', 'given_name', 'name_latin', 'kind'],
  contact: ['mobile', 'phone', 'contact', 'email'],
  address: ['postal_code', 'address', 'address_detail', 'sido', 'sigungu'],
  person: ['birth_on', 'birth_calendar', 'sex', 'resident_number', 'grade', 'joined_on', 'memo'],
  work: ['company', 'brn', 'crn', 'job_title', 'department', 'branch'],
  consent: ['consent_sms', 'consent_email', 'consent_phone', 'consent_post', 'consent_at'],
} as const;

const goods = ['product_key', 'product_name', 'category', 'product_department', 'brand'] as const;

const kindGroups = {
  customers: {},
  transactions: {
    order: ['order_key', 'line_no', 'ordered_at', 'ordered_time', 'status', 'channel', 'store'],
    product: [...goods, 'option'],
    money: ['quantity', 'amount', 'unit_price', 'discount', 'coupon_discount', 'currency'],
    promotion: ['campaign_key', 'coupon_key'],
  },
  products: { product: [...goods, 'price', 'unit_cost', 'currency'] },
  campaigns: { promotion: ['campaign_key', 'campaign_name', 'campaign_type', 'start_on', 'end_on'] },
  coupons: { promotion: ['coupon_key', 'campaign_key', 'redeemed_on'], product: ['product_key'] },
} as const satisfies Record<Kind, Record<string, readonly string[]>>;

export type FieldGroup = keyof typeof customerGroups | 'order' | 'product' | 'money' | 'promotion';

/** The targets that are no field: a key, a custom attribute, kept as it is, left out. */
export const special = ['key', 'attribute', 'extra', 'ignore'] as const;

/** The groups of fields that files of a kind can fill, the kind's own ones first. */
export function fieldGroups(kind: Kind): [FieldGroup, readonly string[]][] {
  const own = Object.entries(kindGroups[kind]) as [FieldGroup, readonly string[]][];
  const people = Object.entries(customerGroups) as [FieldGroup, readonly string[]][];
  return kind === 'products' ? own : [...own, ...people];
}

/** The targets that several columns may share. */
export const canRepeat = (field: string) => (special as readonly string[]).includes(field);

const dates = new Set(['birth_on', 'joined_on', 'consent_at', 'ordered_at', 'start_on', 'end_on', 'redeemed_on']);
const moneys = new Set(['amount', 'unit_price', 'discount', 'coupon_discount', 'price', 'unit_cost']);

/** The date formats of the API; "" reads everything that is not ambiguous. */
export const dateFormats = ['', 'ymd', 'dmy', 'mdy', 'yymd', 'serial', 'unix', 'unix_ms'] as const;

export const currencies = ['KRW', 'USD', 'EUR', 'JPY', 'CNY', 'GBP', 'HKD', 'TWD', 'VND', 'THB'] as const;

export const attributeTypes = ['text', 'integer', 'number', 'date', 'boolean', 'choice'] as const;

/** Tells whether the values of a target are dates. */
export const isDate = (field: string, attributeType?: string) =>
  dates.has(field) || (field === 'attribute' && attributeType === 'date');

/** Tells whether the values of a target are money. */
export const isMoney = (field: string) => moneys.has(field);
