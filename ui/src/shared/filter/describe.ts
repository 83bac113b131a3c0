// SPDX-License-Identifier: Apache-2.0
import { translate } from '@/app/i18n';
import {
  isEvent,
  isField,
  isGroup,
  type Catalogue,
  type Comparison,
  type EventRule,
  type FieldType,
  type FilterField,
  type Operator,
  type Rule,
  type RuleValue,
} from './rules';

const words = (key: string, values?: Record<string, unknown>) => translate(`shared:filter.${key}`, undefined, values);

/** The name of an operator; dates say "since" where numbers say "at least". */
export function operatorLabel(operator: Operator, type: FieldType): string {
  return type === 'date'
    ? translate(`shared:filter.dateOp.${operator}`, words(`op.${operator}`))
    : words(`op.${operator}`);
}

/** Writes a value of a rule as people read it. */
export function valueText(value: RuleValue | undefined, is: Operator, field: FilterField | undefined): string {
  const one = (v: string | number | boolean): string => {
    if (typeof v === 'boolean') return translate(v ? 'shared:yes' : 'shared:no');
    const choice = field?.choices?.find((c) => c.value === String(v));
    if (choice) return choice.label;
    return typeof v === 'number' ? v.toLocaleString('ko-KR') : v;
  };
  if (value === undefined || is === 'is_set' || is === 'is_not_set') return '';
  if (is === 'in_last_days' || is === 'not_in_last_days' || is === 'anniversary_in_days') {
    return words('days', { count: Number(value) });
  }
  if (!Array.isArray(value)) return one(value);
  if (is === 'between') return value.map(one).join(' – ');
  const shown = value.slice(0, 3).map(one).join(', ');
  return value.length > 3 ? `${shown} ${words('more', { count: value.length - 3 })}` : shown;
}

function compared(comparison: Comparison, type: FieldType): string {
  return [operatorLabel(comparison.is, type), valueText(comparison.value, comparison.is, undefined)].join(' ').trim();
}

function eventText(rule: EventRule, catalogue: Catalogue): string {
  const event = catalogue.events.find((e) => e.name === rule.event);
  const parts = [event?.label ?? rule.event];
  if (rule.count) parts.push(`${words('aggregate.count')} ${compared(rule.count, 'integer')}`);
  if (rule.sum) {
    const of = event?.fields.find((f) => f.name === rule.sum?.of)?.label ?? rule.sum.of;
    parts.push(`${of} ${words('aggregate.sum')} ${compared(rule.sum, 'number')}`);
  }
  if (rule.last) parts.push(`${words('aggregate.last')} ${compared(rule.last, 'date')}`);
  if (rule.first) parts.push(`${words('aggregate.first')} ${compared(rule.first, 'date')}`);
  if (rule.within) {
    parts.push(
      'last_days' in rule.within
        ? words('within.last', { count: rule.within.last_days })
        : `${rule.within.from ?? ''} – ${rule.within.to ?? ''}`,
    );
  }
  if (rule.where && rule.where.rules.length > 0) {
    const inner: Catalogue = { fields: event?.fields ?? [], events: [], segments: [] };
    parts.push(`(${describeRule(rule.where, inner)})`);
  }
  return parts.join(' · ');
}

/** Says a rule in one line. */
export function describeRule(rule: Rule, catalogue: Catalogue): string {
  if (isGroup(rule)) {
    const inner = rule.rules.map((r) =>
      isGroup(r) && r.op !== 'not' ? `(${describeRule(r, catalogue)})` : describeRule(r, catalogue),
    );
    return rule.op === 'not'
      ? words('not', { rule: inner.join(` ${words('and')} `) })
      : inner.join(` ${words(rule.op)} `);
  }
  if (isField(rule)) {
    const field = catalogue.fields.find((f) => f.name === rule.field);
    const text = valueText(rule.value, rule.is, field);
    return [field?.label ?? rule.field, operatorLabel(rule.is, field?.type ?? 'text'), text].filter(Boolean).join(' ');
  }
  if (isEvent(rule)) return eventText(rule, catalogue);
  return words('inSegment', {
    name: catalogue.segments.find((s) => s.id === rule.segment)?.name ?? `#${rule.segment}`,
  });
}
