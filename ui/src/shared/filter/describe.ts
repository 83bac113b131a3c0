// SPDX-License-Identifier: Apache-2.0
import { translate } from '@/app/i18n';
import {
  aimOf,
  isEvent,
  isField,
  isGroup,
  isList,
  type Catalogue,
  type Comparison,
  type EventRule,
  type FieldType,
  type FilterField,
  type Operator,
  type Rule,
  type RuleValue,
} from './rules';
import { onScreen } from './ValueInput';

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
    if (typeof v !== 'number') return v;
    const shown = onScreen(v, field?.scale ?? 1).toLocaleString('ko-KR');
    return field?.scale !== undefined && field.scale < 1 ? `${shown} %` : shown;
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

function compared(comparison: Comparison, type: FieldType, field?: FilterField): string {
  return [operatorLabel(comparison.is, type), valueText(comparison.value, comparison.is, field)].join(' ').trim();
}

/** The name and scale of what is summed, averaged or told apart. */
export function measured(rule: EventRule, catalogue: Catalogue): FilterField | undefined {
  const event = catalogue.events.find((e) => e.name === rule.event);
  const of = rule.sum?.of ?? rule.average?.of ?? rule.distinct?.of;
  return [...(event?.sums ?? []), ...(event?.fields ?? [])].find((f) => f.name === of);
}

function eventText(rule: EventRule, catalogue: Catalogue): string {
  const event = catalogue.events.find((e) => e.name === rule.event);
  const parts = [event?.label ?? rule.event];
  const aim = aimOf(rule);
  const comparison = rule[aim];
  const field = measured(rule, catalogue);
  if (comparison) {
    const isTime = aim === 'last' || aim === 'first';
    const type = isTime ? 'date' : 'number';
    const said = compared(comparison, type, aim === 'distinct' ? undefined : field);
    parts.push([field?.label, words(`aggregate.${aim}`), said].filter(Boolean).join(' '));
  }
  if (rule.in_days) parts.push(words('inDays', { count: rule.in_days }));
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
  if (rule.followed_by) {
    const next = catalogue.events.find((e) => e.name === (rule.followed_by?.event ?? rule.event));
    parts.push(words('thenShort', { count: rule.followed_by.within_days, event: next?.label ?? '' }));
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
  if (isList(rule)) return words('inList');
  return words('inSegment', {
    name: catalogue.segments.find((s) => s.id === rule.segment)?.name ?? `#${rule.segment}`,
  });
}
