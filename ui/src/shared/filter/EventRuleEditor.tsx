// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, SegmentedControl, Select } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { FieldRuleEditor } from './FieldRuleEditor';
import { operatorLabel } from './describe';
import {
  fieldRule,
  isField,
  type Catalogue,
  type Comparison,
  type EventRule,
  type FieldType,
  type Operator,
} from './rules';
import { ValueInput } from './ValueInput';
import classes from './Rules.module.css';

type Aggregate = 'count' | 'sum' | 'last' | 'first';

const starts: Record<Aggregate, (of: string) => Partial<EventRule>> = {
  count: () => ({ count: { is: 'gte', value: 1 } }),
  sum: (of) => ({ sum: { of, is: 'gte', value: 0 } }),
  last: () => ({ last: { is: 'in_last_days', value: 30 } }),
  first: () => ({ first: { is: 'in_last_days', value: 30 } }),
};
const operators: Record<Aggregate, Operator[]> = {
  count: ['gte', 'lte', 'eq', 'between'],
  sum: ['gte', 'lte', 'between'],
  last: ['in_last_days', 'not_in_last_days', 'gte', 'lte'],
  first: ['in_last_days', 'not_in_last_days', 'gte', 'lte'],
};

interface EventRuleEditorProps {
  rule: EventRule;
  catalogue: Catalogue;
  onChange: (rule: EventRule) => void;
}

/** What a customer did: which event, how often or how much, when, and with what properties. */
export function EventRuleEditor({ rule, catalogue, onChange }: EventRuleEditorProps) {
  const { t } = useTranslation('shared');
  const event = catalogue.events.find((e) => e.name === rule.event);
  const fields = event?.fields ?? [];
  const sums = event?.sums ?? fields.filter((f) => ['money', 'number', 'integer'].includes(f.type));
  const aggregate: Aggregate = rule.sum ? 'sum' : rule.last ? 'last' : rule.first ? 'first' : 'count';
  const compared: Comparison = rule[aggregate] ?? { is: 'gte', value: 1 };
  const type: FieldType = aggregate === 'count' ? 'integer' : aggregate === 'sum' ? 'number' : 'date';
  const bare = { event: rule.event, where: rule.where, within: rule.within };
  const change = (comparison: Comparison) => onChange({ ...rule, [aggregate]: { ...rule[aggregate], ...comparison } });
  const within = rule.within === undefined ? 'ever' : 'last_days' in rule.within ? 'last' : 'range';
  const where = rule.where?.rules ?? [];
  const setWhere = (rules: typeof where) =>
    onChange({ ...rule, where: rules.length > 0 ? { op: rule.where?.op ?? 'and', rules } : undefined });

  return (
    <div className={classes.event}>
      <div className={classes.line}>
        <Select
          aria-label={t('filter.event')}
          data={catalogue.events.map((e) => ({ value: e.name, label: e.label }))}
          value={rule.event}
          allowDeselect={false}
          onChange={(name) => name && onChange({ event: name, count: { is: 'gte', value: 1 }, within: rule.within })}
          style={{ width: 130 }}
        />
        <Select
          aria-label={t('filter.aggregateOf')}
          data={(['count', ...(sums.length > 0 ? ['sum' as const] : []), 'last', 'first'] as Aggregate[]).map((a) => ({
            value: a,
            label: t(`filter.aggregate.${a}`),
          }))}
          value={aggregate}
          allowDeselect={false}
          onChange={(next) => next && onChange({ ...bare, ...starts[next as Aggregate](sums[0]?.name ?? 'amount') })}
          style={{ width: 104 }}
        />
        {rule.sum && (
          <Select
            aria-label={t('filter.sumOf')}
            data={sums.map((f) => ({ value: f.name, label: f.label }))}
            value={rule.sum.of}
            allowDeselect={false}
            onChange={(of) => of && rule.sum && onChange({ ...rule, sum: { ...rule.sum, of } })}
            style={{ width: 110 }}
          />
        )}
        <Select
          aria-label={t('filter.operator')}
          data={operators[aggregate].map((o) => ({ value: o, label: operatorLabel(o, type) }))}
          value={compared.is}
          allowDeselect={false}
          onChange={(is) =>
            is &&
            change({
              is: is as Operator,
              value: is === 'between' ? [1, 2] : is.endsWith('days') ? 30 : type === 'date' ? '' : 1,
            })
          }
          style={{ width: 116 }}
        />
        <ValueInput
          field={{ type, label: t(`filter.aggregate.${aggregate}`) }}
          is={compared.is}
          value={compared.value}
          onChange={(value) => change({ ...compared, value })}
        />
      </div>
      <div className={classes.line}>
        <SegmentedControl
          aria-label={t('filter.period')}
          data={(['ever', 'last', 'range'] as const).map((value) => ({
            value,
            label: t(`filter.within.${value}Label`),
          }))}
          value={within}
          onChange={(next) =>
            onChange({
              ...rule,
              within: next === 'ever' ? undefined : next === 'last' ? { last_days: 90 } : { from: '', to: '' },
            })
          }
        />
        {rule.within && 'last_days' in rule.within && (
          <NumberInput
            aria-label={t('filter.within.lastLabel')}
            value={rule.within.last_days}
            min={1}
            onChange={(days) => onChange({ ...rule, within: { last_days: Number(days) } })}
            suffix={t('filter.daysSuffix')}
            style={{ width: 104 }}
          />
        )}
        {rule.within && !('last_days' in rule.within) && (
          <>
            <DateInput
              aria-label={t('filter.from')}
              clearable
              value={rule.within.from || null}
              onChange={(from) => onChange({ ...rule, within: { ...rule.within, from: from ?? undefined } })}
              style={{ width: 130 }}
            />
            <DateInput
              aria-label={t('filter.to')}
              clearable
              value={rule.within.to || null}
              onChange={(to) => onChange({ ...rule, within: { ...rule.within, to: to ?? undefined } })}
              style={{ width: 130 }}
            />
          </>
        )}
      </div>
      {where.map((inner, i) =>
        isField(inner) ? (
          <div key={i} className={classes.line}>
            <span className={classes.where}>{t('filter.where')}</span>
            <FieldRuleEditor
              rule={inner}
              fields={fields}
              onChange={(next) => setWhere(where.map((r, j) => (j === i ? next : r)))}
            />
            <button
              type="button"
              className={classes.remove}
              aria-label={t('filter.remove')}
              onClick={() => setWhere(where.filter((_, j) => j !== i))}
            >
              <X size={14} aria-hidden />
            </button>
          </div>
        ) : null,
      )}
      {fields[0] && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Plus size={13} />}
          onClick={() => fields[0] && setWhere([...where, fieldRule(fields[0])])}
          style={{ justifySelf: 'start' }}
        >
          {t('filter.addWhere')}
        </Button>
      )}
    </div>
  );
}
