// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, Select } from '@mantine/core';
import { ArrowRight, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { operatorLabel } from './describe';
import { PeriodEditor } from './PeriodEditor';
import {
  aimOf,
  type Aim,
  type Catalogue,
  type Comparison,
  type EventRule,
  type FieldType,
  type Operator,
} from './rules';
import { ThenEditor } from './ThenEditor';
import { ValueInput } from './ValueInput';
import { WhereEditor } from './WhereEditor';
import classes from './Rules.module.css';

const starts: Record<Aim, (of: string) => Partial<EventRule>> = {
  count: () => ({ count: { is: 'gte', value: 1 } }),
  sum: (of) => ({ sum: { of, is: 'gte', value: 0 } }),
  average: (of) => ({ average: { of, is: 'gte', value: 0 } }),
  distinct: (of) => ({ distinct: { of, is: 'gte', value: 2 } }),
  last: () => ({ last: { is: 'in_last_days', value: 30 } }),
  first: () => ({ first: { is: 'in_last_days', value: 30 } }),
};
const times: Operator[] = ['in_last_days', 'not_in_last_days', 'gte', 'lte'];
const operators: Record<Aim, Operator[]> = {
  count: ['gte', 'lte', 'eq', 'between'],
  sum: ['gte', 'lte', 'between'],
  average: ['gte', 'lte', 'between'],
  distinct: ['gte', 'lte', 'eq', 'between'],
  last: times,
  first: times,
};

interface EventRuleEditorProps {
  rule: EventRule;
  catalogue: Catalogue;
  onChange: (rule: EventRule) => void;
}

/** What a customer did: which event, how often or how much, when, with what properties, and what followed. */
export function EventRuleEditor({ rule, catalogue, onChange }: EventRuleEditorProps) {
  const { t } = useTranslation('shared');
  const event = catalogue.events.find((e) => e.name === rule.event);
  const fields = event?.fields ?? [];
  const sums = event?.sums ?? fields.filter((f) => ['money', 'number', 'integer'].includes(f.type));
  const different = event?.different ?? fields;
  const aim = aimOf(rule);
  const compared: Comparison = rule[aim] ?? { is: 'gte', value: 1 };
  const of = rule.sum?.of ?? rule.average?.of ?? rule.distinct?.of;
  const choices = aim === 'distinct' ? different : sums;
  const type: FieldType =
    aim === 'last' || aim === 'first' ? 'date' : aim === 'sum' || aim === 'average' ? 'number' : 'integer';
  const bare = { event: rule.event, where: rule.where, within: rule.within, followed_by: rule.followed_by };
  const change = (next: Comparison) => onChange({ ...rule, [aim]: { ...rule[aim], ...next } });
  const offered = (Object.keys(starts) as Aim[]).filter((a) =>
    a !== 'sum' && a !== 'average' ? a !== 'distinct' || different.length > 0 : sums.length > 0,
  );

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
          data={offered.map((a) => ({ value: a, label: t(`filter.aggregate.${a}`) }))}
          value={aim}
          allowDeselect={false}
          onChange={(next) =>
            next &&
            onChange({ ...bare, ...starts[next as Aim]((next === 'distinct' ? different : sums)[0]?.name ?? 'amount') })
          }
          style={{ width: 120 }}
        />
        {of !== undefined && (
          <Select
            aria-label={t('filter.sumOf')}
            data={choices.map((f) => ({ value: f.name, label: f.label }))}
            value={of}
            allowDeselect={false}
            searchable={choices.length > 8}
            onChange={(name) => name && onChange({ ...rule, [aim]: { ...compared, of: name } })}
            style={{ width: 120 }}
          />
        )}
        <Select
          aria-label={t('filter.operator')}
          data={[...new Set([...operators[aim], compared.is])].map((o) => ({
            value: o,
            label: operatorLabel(o, type),
          }))}
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
          field={{
            type,
            label: t(`filter.aggregate.${aim}`),
            scale: aim === 'distinct' ? undefined : choices.find((f) => f.name === of)?.scale,
          }}
          is={compared.is}
          value={compared.value}
          onChange={(value) => change({ ...compared, value })}
        />
        {(aim === 'count' || aim === 'sum') && rule.in_days !== undefined && (
          <NumberInput
            aria-label={t('filter.inDaysLabel')}
            title={t('filter.inDaysHint')}
            value={rule.in_days}
            min={1}
            max={36_500}
            onChange={(days) => onChange({ ...rule, in_days: Number(days) || 1 })}
            prefix={t('filter.inDaysPrefix')}
            suffix={t('filter.daysSuffix')}
            style={{ width: 150 }}
          />
        )}
      </div>
      <PeriodEditor within={rule.within} onChange={(within) => onChange({ ...rule, within })} />
      <WhereEditor where={rule.where} fields={fields} onChange={(where) => onChange({ ...rule, where })} />
      {rule.followed_by && (
        <ThenEditor
          event={rule.event}
          rule={rule.followed_by}
          catalogue={catalogue}
          onChange={(next) => onChange({ ...rule, followed_by: next })}
        />
      )}
      <div className={classes.adders}>
        {!rule.followed_by && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<ArrowRight size={13} />}
            onClick={() => onChange({ ...rule, followed_by: { within_days: 30 } })}
          >
            {t('filter.addThen')}
          </Button>
        )}
        {(aim === 'count' || aim === 'sum') && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={rule.in_days === undefined && <Plus size={13} />}
            onClick={() => onChange({ ...rule, in_days: rule.in_days === undefined ? 30 : undefined })}
          >
            {t(rule.in_days === undefined ? 'filter.addInDays' : 'filter.removeInDays')}
          </Button>
        )}
      </div>
    </div>
  );
}
