// SPDX-License-Identifier: Apache-2.0

/** What a rule asks of a value; the names of the API. */
export type Operator =
  | 'eq'
  | 'ne'
  | 'in'
  | 'not_in'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'contains'
  | 'starts'
  | 'is_set'
  | 'is_not_set'
  | 'in_last_days'
  | 'not_in_last_days'
  | 'anniversary_in_days';

export type RuleValue = string | number | boolean | (string | number)[];

/** Rules joined by and, or, or turned round by not. */
export interface GroupRule {
  op: 'and' | 'or' | 'not';
  rules: Rule[];
}

/** A question about one value of a customer (or of an event, inside `where`). */
export interface FieldRule {
  field: string;
  is: Operator;
  value?: RuleValue;
}

/** A comparison of a count, a sum or a time. */
export interface Comparison {
  is: Operator;
  value?: RuleValue;
}

/** A comparison of a sum, an average or a number of different values. */
export type ComparisonOf = Comparison & { of: string };

/** The time in which something happened; skip_days leaves out the newest days. */
export type Within = { last_days: number; skip_days?: number } | { from?: string; to?: string };

/** What has to follow, at most so many days later; without event the same again. */
export interface ThenRule {
  event?: string;
  where?: GroupRule;
  within_days: number;
}

/** A question about what a customer did. */
export interface EventRule {
  event: string;
  where?: GroupRule;
  count?: Comparison;
  sum?: ComparisonOf;
  average?: ComparisonOf;
  distinct?: ComparisonOf;
  last?: Comparison;
  first?: Comparison;
  within?: Within;
  /** With count or sum: the most within so many days in a row. */
  in_days?: number;
  followed_by?: ThenRule;
}

/** Membership in another segment. */
export interface SegmentRule {
  segment: number;
}

/** Being in a list that was frozen or imported. */
export interface ListRule {
  list: number;
}

/** The one rule tree of the product: list filters, segments, cube filters. */
export type Rule = GroupRule | FieldRule | EventRule | SegmentRule | ListRule;

export type FieldType = 'text' | 'integer' | 'number' | 'money' | 'date' | 'boolean' | 'choice';

/** A value that can be chosen. */
export interface Choice {
  value: string;
  label: string;
}

/** A value that can be asked about. */
export interface FilterField {
  name: string;
  label: string;
  type: FieldType;
  group?: string;
  choices?: Choice[];
  /** Finds the values that occur, when they are not known beforehand. */
  loadChoices?: () => Promise<Choice[]>;
  /** How many units of the API one unit on screen is: 1000 for quantities, 0.01 for per cent. */
  scale?: number;
  /** Restricts the operators, when the server answers only some. */
  operators?: Operator[];
}

/** A kind of event that can be asked about. */
export interface FilterEvent {
  name: string;
  label: string;
  fields: FilterField[];
  /** What may be summed; the numbers among the fields when left out. */
  sums?: FilterField[];
  /** Of what different values may be counted; all fields when left out. */
  different?: FilterField[];
}

/** Everything that a rule may ask about. */
export interface Catalogue {
  fields: FilterField[];
  events: FilterEvent[];
  segments: { id: number; name: string }[];
}

export const isGroup = (rule: Rule): rule is GroupRule => 'op' in rule;
export const isField = (rule: Rule): rule is FieldRule => 'field' in rule;
export const isEvent = (rule: Rule): rule is EventRule => 'event' in rule;
export const isSegment = (rule: Rule): rule is SegmentRule => 'segment' in rule;
export const isList = (rule: Rule): rule is ListRule => 'list' in rule;

/** What the events of a rule are measured by. */
export type Aim = 'count' | 'sum' | 'average' | 'distinct' | 'last' | 'first';

const aims: Aim[] = ['sum', 'average', 'distinct', 'last', 'first'];

/** Tells what the events of a rule are measured by; without a measure it is how often. */
export const aimOf = (rule: EventRule): Aim => aims.find((aim) => rule[aim]) ?? 'count';

const set: Operator[] = ['is_set', 'is_not_set'];
const numeric: Operator[] = ['gte', 'lte', 'between', 'eq', 'ne', 'gt', 'lt', ...set];
const byType: Record<FieldType, Operator[]> = {
  text: ['contains', 'starts', 'eq', 'ne', ...set],
  choice: ['in', 'not_in', ...set],
  boolean: ['eq', ...set],
  integer: numeric,
  number: numeric,
  money: numeric,
  date: ['in_last_days', 'not_in_last_days', 'between', 'gte', 'lte', 'anniversary_in_days', ...set],
};

/** The operators that make sense for a field, the most usual one first. */
export function operatorsOf(field: FilterField): Operator[] {
  const all = byType[field.type];
  return field.operators ? all.filter((operator) => field.operators?.includes(operator)) : all;
}

const DAYS = 30;

/** The value that a fresh rule starts with. */
export function startValue(type: FieldType, is: Operator): RuleValue | undefined {
  if (is === 'is_set' || is === 'is_not_set') return undefined;
  if (is === 'in' || is === 'not_in') return [];
  if (is === 'in_last_days' || is === 'not_in_last_days' || is === 'anniversary_in_days') return DAYS;
  if (is === 'between') return type === 'date' ? ['', ''] : [0, 0];
  if (type === 'boolean') return true;
  if (type === 'text' || type === 'date' || type === 'choice') return '';
  return 0;
}

/** A fresh rule about a field. */
export function fieldRule(field: FilterField): FieldRule {
  const is = operatorsOf(field)[0] ?? 'eq';
  return { field: field.name, is, value: startValue(field.type, is) };
}

/** A fresh rule about an event: at least once in the last 90 days. */
export function eventRule(event: FilterEvent): EventRule {
  return { event: event.name, count: { is: 'gte', value: 1 }, within: { last_days: 90 } };
}

const filled = (value: RuleValue | undefined): boolean =>
  Array.isArray(value) ? value.length > 0 && value.every((v) => v !== '') : value !== undefined && value !== '';

/** Tells whether a rule says enough to be asked. */
export function isComplete(rule: Rule): boolean {
  if (isGroup(rule)) return rule.rules.length > 0 && rule.rules.every(isComplete);
  if (isField(rule)) return rule.is === 'is_set' || rule.is === 'is_not_set' || filled(rule.value);
  if (isSegment(rule)) return rule.segment > 0;
  if (isList(rule)) return true;
  const { within } = rule;
  if (within && !('last_days' in within) && !within.from && !within.to) return false;
  const inner = [rule.where, rule.followed_by?.where].flatMap((group) => group?.rules ?? []);
  const compared = rule[aimOf(rule)];
  const said = compared === undefined || compared.is === 'is_set' || compared.is === 'is_not_set';
  return (said || filled(compared.value)) && inner.every(isComplete);
}

/** The rules that say enough; undefined when none does. */
export function completeRules(group: GroupRule | undefined): GroupRule | undefined {
  const rules = group?.rules.filter(isComplete) ?? [];
  return group && rules.length > 0 ? { ...group, rules } : undefined;
}
