// SPDX-License-Identifier: Apache-2.0
import { currentLanguage, translate } from '@/app/i18n';
import { measured, valueText } from './describe';
import {
  aimOf,
  isEvent,
  isField,
  isGroup,
  isList,
  type Catalogue,
  type Comparison,
  type EventRule,
  type FieldRule,
  type FilterField,
  type GroupRule,
  type Rule,
} from './rules';

const words = (key: string, values?: Record<string, unknown>) =>
  translate(`shared:filter.sentence.${key}`, undefined, values);

/** How a clause ends: before "customers", before "and", before "or". */
type Ending = 'last' | 'and' | 'or';

/** A clause without its ending; Korean verbs end by what comes next, English ones do not. */
const finish = (said: string, ending: Ending): string => {
  const at = said.lastIndexOf('|');
  if (at < 0) return said;
  return said.slice(0, at) + words(`ending.${said.slice(at + 1)}.${ending}`);
};

const listed = (rule: { value?: FieldRule['value'] }, is: Comparison['is'], field: FilterField | undefined) =>
  valueText(rule.value, is, field);

function fieldClause(rule: FieldRule, catalogue: Catalogue): string {
  const field = catalogue.fields.find((f) => f.name === rule.field);
  const name = field?.label ?? rule.field;
  if (field?.type === 'boolean' && rule.is === 'eq')
    return words(rule.value === false ? 'isFalse' : 'isTrue', { name });
  const group = field?.type === 'date' ? 'date' : 'value';
  const key = translate(`shared:filter.sentence.${group}.${rule.is}`, '') ? `${group}.${rule.is}` : `value.${rule.is}`;
  if (rule.is === 'between' && Array.isArray(rule.value)) {
    const [from, to] = rule.value;
    return words(key, { name, from: valueText(from, 'eq', field), to: valueText(to, 'eq', field) });
  }
  return words(key, { name, value: listed(rule, rule.is, field) });
}

/** The properties of an event, as words before its name. */
function whereText(where: GroupRule | undefined, fields: FilterField[]): string {
  if (!where || where.rules.length === 0) return '';
  const inner: Catalogue = { fields, events: [], segments: [] };
  return words('where', { rules: groupClauses(where, inner) });
}

function periodText(rule: EventRule): string {
  const { within } = rule;
  if (!within) return '';
  if ('last_days' in within) {
    return within.skip_days
      ? words('period.before', { from: within.last_days, to: within.skip_days })
      : words('period.last', { count: within.last_days });
  }
  if (within.from && within.to) return words('period.range', { from: within.from, to: within.to });
  if (within.from) return words('period.since', { from: within.from });
  return within.to ? words('period.until', { to: within.to }) : '';
}

function amount(comparison: Comparison, field: FilterField | undefined, unit: string): string {
  if (comparison.is === 'between' && Array.isArray(comparison.value)) {
    const [from, to] = comparison.value;
    return words('amount.between', { from: valueText(from, 'eq', field), to: valueText(to, 'eq', field), unit });
  }
  return words(`amount.${comparison.is}`, { value: valueText(comparison.value, comparison.is, field), unit });
}

function eventClause(rule: EventRule, catalogue: Catalogue): string {
  const event = catalogue.events.find((e) => e.name === rule.event);
  const aim = aimOf(rule);
  const comparison = rule[aim] ?? { is: 'gte' as const, value: 1 };
  const field = measured(rule, catalogue);
  const next = rule.followed_by && catalogue.events.find((e) => e.name === (rule.followed_by?.event ?? rule.event));
  const what = [periodText(rule), rule.in_days ? words('inDays', { count: rule.in_days }) : ''];
  const then =
    rule.followed_by && next
      ? words('then', {
          days: rule.followed_by.within_days,
          where: whereText(rule.followed_by.where, next.fields),
          next: next.label,
        })
      : '';
  const unit = aim === 'count' ? words('unit.times') : aim === 'distinct' ? words('unit.kinds') : '';
  const said = [...what, then, whereText(rule.where, event?.fields ?? [])].filter(Boolean).join(' ');
  const values = {
    event: event?.label ?? rule.event,
    // Korean says when and how before what was done, English after it.
    before: said && currentLanguage() === 'ko' ? `${said} ` : '',
    after: said && currentLanguage() === 'en' ? ` ${said}` : '',
    of: field?.label ?? '',
    amount: amount(comparison, aim === 'distinct' ? undefined : field, unit),
  };
  if (aim === 'last' || aim === 'first')
    return words(`${aim}.${comparison.is}`, { ...values, value: listed(comparison, comparison.is, undefined) });
  const once = aim === 'count' && comparison.is === 'gte' && Number(comparison.value) === 1;
  const never = aim === 'count' && comparison.is !== 'gte' && Number(comparison.value) === 0;
  return words(once ? 'once' : never ? 'never' : aim, values);
}

function clause(rule: Rule, catalogue: Catalogue): string {
  if (isField(rule)) return fieldClause(rule, catalogue);
  if (isEvent(rule)) return eventClause(rule, catalogue);
  if (isList(rule)) return words('inList');
  if (isGroup(rule)) return words(rule.op === 'not' ? 'none' : 'group', { rules: groupClauses(rule, catalogue) });
  return words('inSegment', {
    name: catalogue.segments.find((s) => s.id === rule.segment)?.name ?? `#${rule.segment}`,
  });
}

function groupClauses(group: GroupRule, catalogue: Catalogue): string {
  const join = group.op === 'or' ? 'or' : 'and';
  const last = group.rules.length - 1;
  return group.rules
    .map((rule, i) => finish(clause(rule, catalogue), i < last ? join : 'last'))
    .join(words(`join.${join}`));
}

/** Says a rule tree as a sentence about customers, in the language of the screen. */
export function sentenceOf(group: GroupRule | undefined, catalogue: Catalogue): string {
  if (!group || group.rules.length === 0) return words('everybody');
  const rules = group.op === 'not' ? finish(clause(group, catalogue), 'last') : groupClauses(group, catalogue);
  return words('customers', { rules })
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,)])/g, '');
}
