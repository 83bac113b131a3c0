// SPDX-License-Identifier: Apache-2.0
import { Button, SegmentedControl } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { FieldRuleEditor } from './FieldRuleEditor';
import { fieldRule, isField, type FilterField, type GroupRule } from './rules';
import classes from './Rules.module.css';

interface WhereEditorProps {
  where: GroupRule | undefined;
  fields: FilterField[];
  onChange: (where: GroupRule | undefined) => void;
}

/** Properties that an event must have. */
export function WhereEditor({ where, fields, onChange }: WhereEditorProps) {
  const { t } = useTranslation('shared');
  const rules = where?.rules ?? [];
  const set = (next: typeof rules, op = where?.op ?? 'and') =>
    onChange(next.length > 0 ? { op, rules: next } : undefined);
  return (
    <>
      {rules.map((inner, i) =>
        isField(inner) ? (
          // Conditions have no identity of their own; their place is one.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={i} className={classes.line}>
            <span className={classes.where}>
              {i === 0 ? t('filter.where') : t(where?.op === 'or' ? 'filter.or' : 'filter.and')}
            </span>
            <FieldRuleEditor
              rule={inner}
              fields={fields}
              onChange={(next) => set(rules.map((r, j) => (j === i ? next : r)))}
            />
            <button
              type="button"
              className={classes.remove}
              aria-label={t('filter.remove')}
              onClick={() => set(rules.filter((_, j) => j !== i))}
            >
              <X size={14} aria-hidden />
            </button>
          </div>
        ) : null,
      )}
      <div className={classes.adders}>
        {fields[0] && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<Plus size={13} />}
            onClick={() => fields[0] && set([...rules, fieldRule(fields[0])])}
          >
            {t('filter.addWhere')}
          </Button>
        )}
        {rules.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('filter.join')}
            data={(['and', 'or'] as const).map((op) => ({ value: op, label: t(`filter.groupOf.${op}`) }))}
            value={where?.op === 'or' ? 'or' : 'and'}
            onChange={(op) => set(rules, op as 'and' | 'or')}
          />
        )}
      </div>
    </>
  );
}
