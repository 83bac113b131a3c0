// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { operatorLabel } from './describe';
import { operatorsOf, startValue, type FieldRule, type FilterField, type Operator } from './rules';
import { ValueInput } from './ValueInput';
import classes from './Rules.module.css';

interface FieldRuleEditorProps {
  rule: FieldRule;
  fields: FilterField[];
  onChange: (rule: FieldRule) => void;
  /** Leaves the field as it is, for the editor of a chip. */
  fixed?: boolean;
  autoFocus?: boolean;
}

/** One line: field, operator, value. */
export function FieldRuleEditor({ rule, fields, onChange, fixed, autoFocus }: FieldRuleEditorProps) {
  const { t } = useTranslation('shared');
  const field = fields.find((f) => f.name === rule.field) ?? {
    name: rule.field,
    label: rule.field,
    type: 'text' as const,
  };
  const withOperator = (is: Operator) => {
    const kept =
      Array.isArray(rule.value) === (is === 'in' || is === 'not_in') &&
      is !== 'between' &&
      !is.endsWith('days') &&
      !rule.is.endsWith('days');
    onChange({
      field: rule.field,
      is,
      value: kept && rule.value !== undefined && !Array.isArray(rule.value) ? rule.value : startValue(field.type, is),
    });
  };
  return (
    <div className={classes.line}>
      {!fixed && (
        <Select
          aria-label={t('filter.field')}
          data={fields.map((f) => ({ value: f.name, label: f.label }))}
          value={rule.field}
          searchable
          allowDeselect={false}
          onChange={(name) => {
            const next = fields.find((f) => f.name === name);
            const is = next && operatorsOf(next)[0];
            if (next && is) onChange({ field: next.name, is, value: startValue(next.type, is) });
          }}
          style={{ width: 150 }}
        />
      )}
      <Select
        aria-label={t('filter.operator')}
        data={operatorsOf(field).map((operator) => ({ value: operator, label: operatorLabel(operator, field.type) }))}
        value={rule.is}
        allowDeselect={false}
        onChange={(is) => is && withOperator(is as Operator)}
        comboboxProps={{ withinPortal: !fixed }}
        style={{ width: 132 }}
      />
      <ValueInput
        field={field}
        is={rule.is}
        value={rule.value}
        onChange={(value) => onChange({ ...rule, value })}
        autoFocus={autoFocus}
      />
    </div>
  );
}
