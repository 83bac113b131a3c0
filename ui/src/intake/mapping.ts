// SPDX-License-Identifier: Apache-2.0
import type { Kind, MappedColumn, Mapping } from './api';
import { canRepeat } from './fields';

/** What is shown of a column: how it is used, or that a person should look at it. */
export type ColumnState = 'matched' | 'key' | 'new' | 'extra' | 'skipped' | 'unsure' | 'wrong';

/** What is wrong with a column so that the file cannot be loaded. */
export interface ColumnProblem {
  kind: 'twice' | 'noScheme' | 'schemeTwice' | 'noLabel';
  /** The other column, where two are in each other's way. */
  other?: string;
}

/** What the mapping as a whole lacks. */
export type MappingGap = 'who' | 'when' | 'amount' | 'product' | 'campaign' | 'coupon' | 'nothing';

/** The part of a column that a person may set. */
export type Correction = Partial<Pick<MappedColumn, 'field' | 'scheme' | 'attribute' | 'format' | 'currency'>>;

/** Below this confidence the proposal is only a guess. */
const SURE = 0.6;

/** Lays corrections (by header) over a proposal. */
export function applyCorrections(mapping: Mapping, corrections: Record<string, Correction>): Mapping {
  const columns = mapping.columns.map((column) => {
    const correction = corrections[column.header];
    return correction ? { ...column, ...correction, confidence: 1 } : column;
  });
  const keys = columns.filter((column) => column.field === 'key').map((column) => column.index);
  const kept = mapping.key_columns.filter((index) => keys.includes(index));
  return { ...mapping, columns, key_columns: [...kept, ...keys.filter((index) => !kept.includes(index))] };
}

/** A short name for a custom attribute: Latin letters and digits of the header, else its place. */
export function slugOf(header: string, index: number): string {
  const slug = header
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);
  return /^[a-z]/.test(slug) ? slug : `field_${index + 1}${slug ? `_${slug}` : ''}`.slice(0, 48);
}

/** What changes when a column gets a new target. */
export function retarget(column: MappedColumn, field: string): Correction {
  return {
    field,
    scheme: field === 'key' ? (column.scheme ?? column.header) : undefined,
    attribute:
      field === 'attribute'
        ? (column.attribute ?? { slug: slugOf(column.header, column.index), label: column.header, type: 'text' })
        : undefined,
    format: undefined,
  };
}

/** The faults of the columns, by index. */
export function problemsOf(mapping: Mapping): Map<number, ColumnProblem> {
  const problems = new Map<number, ColumnProblem>();
  const seen = new Map<string, MappedColumn>();
  const clash = (key: string, column: MappedColumn, kind: 'twice' | 'schemeTwice') => {
    const first = seen.get(key);
    if (!first) {
      seen.set(key, column);
      return;
    }
    problems.set(column.index, { kind, other: first.header });
    if (!problems.has(first.index)) problems.set(first.index, { kind, other: column.header });
  };
  for (const column of mapping.columns) {
    if (column.field === 'key') {
      if (!column.scheme?.trim()) problems.set(column.index, { kind: 'noScheme' });
      else clash(`key ${column.scheme.trim().toLowerCase()}`, column, 'schemeTwice');
    } else if (column.field === 'attribute') {
      if (!column.attribute?.label.trim()) problems.set(column.index, { kind: 'noLabel' });
      else clash(`attribute ${column.attribute.slug}`, column, 'twice');
    } else if (!canRepeat(column.field)) clash(column.field, column, 'twice');
  }
  return problems;
}

const people = [
  'key',
  'full_name',
  'mobile',
  'phone',
  'contact',
  'email',
  'company',
  'brn',
  'given_name',
  'name_latin',
];

/** What a mapping of its kind still needs before the file can be loaded. */
export function gapsOf(mapping: Mapping): MappingGap[] {
  const has = (...fields: string[]) => mapping.columns.some((column) => fields.includes(column.field));
  const needs: Record<Kind, [MappingGap, boolean][]> = {
    customers: [['who', has(...people)]],
    transactions: [
      ['who', has(...people)],
      ['when', has('ordered_at')],
      ['amount', has('amount') || (has('unit_price') && has('quantity'))],
    ],
    products: [['product', has('product_key', 'product_name')]],
    campaigns: [['campaign', has('campaign_key', 'campaign_name')]],
    coupons: [['coupon', has('coupon_key')]],
  };
  return needs[mapping.kind].filter(([, there]) => !there).map(([gap]) => gap);
}

/** How a column is used, for its badge. */
export function stateOf(column: MappedColumn, problem?: ColumnProblem, known?: ReadonlySet<string>): ColumnState {
  if (problem) return 'wrong';
  if (column.field === 'ignore') return 'skipped';
  if (column.field === 'extra') return 'extra';
  // A new field is no guess about the meaning of the column: it takes the column as it is.
  if (column.field === 'attribute') return known?.has(column.attribute?.slug ?? '') ? 'matched' : 'new';
  if (column.confidence < SURE) return 'unsure';
  if (column.field === 'key') return 'key';
  return 'matched';
}
