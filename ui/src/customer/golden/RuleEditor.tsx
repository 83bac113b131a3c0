// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Select } from '@mantine/core';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/page';
import { useCustomerFields } from '../fields';
import type { Rules } from './GoldenRulesPage';
import classes from './Golden.module.css';

/** Fields that are counted, not chosen. */
const derived = new Set(['record_count', 'household_state', 'household_size']);

const criteria = ['validity', 'trust', 'recency', 'completeness'] as const;

interface RuleEditorProps {
  rules: Rules;
  onChange?: (rules: Rules) => void;
}

/** The order of criteria, for all fields and for fields that have their own; a value pinned by hand always wins. */
export function RuleEditor({ rules, onChange }: RuleEditorProps) {
  const { t } = useTranslation('customer');
  const fields = useCustomerFields().filter((field) => field.type !== 'time' && !derived.has(field.name));
  const label = (name: string) =>
    name === '*' ? t('golden.allFields') : (fields.find((f) => f.name === name)?.label ?? name);
  const names = Object.keys(rules.criteria).sort((a, b) => (a === '*' ? -1 : b === '*' ? 1 : a.localeCompare(b)));
  const set = (field: string, list: string[] | undefined) => {
    const next = { ...rules.criteria };
    if (list === undefined) delete next[field];
    else next[field] = list.join(',');
    onChange?.({ ...rules, criteria: next });
  };
  return (
    <Panel title={t('golden.order')} flush>
      <ul className={classes.rules}>
        {names.map((field) => {
          const list = (rules.criteria[field] ?? '').split(',').filter(Boolean);
          const move = (from: number, to: number) => {
            const next = [...list];
            const [one] = next.splice(from, 1);
            if (one) next.splice(to, 0, one);
            set(field, next);
          };
          return (
            <li key={field}>
              <div className={classes.ruleHead}>
                <strong>{label(field)}</strong>
                {field !== '*' && onChange && (
                  <ActionIcon
                    size={24}
                    variant="subtle"
                    color="gray"
                    aria-label={t('golden.drop', { field: label(field) })}
                    onClick={() => set(field, undefined)}
                  >
                    <X size={14} />
                  </ActionIcon>
                )}
              </div>
              <ol>
                {list.map((one, i) => (
                  <li key={one} title={t(`golden.meaning.${one as 'trust'}`)}>
                    <span>{t(`golden.criterion.${one as 'trust'}`)}</span>
                    {onChange && (
                      <span>
                        <ActionIcon
                          size={22}
                          variant="subtle"
                          color="gray"
                          disabled={i === 0}
                          aria-label={t('golden.up', { name: t(`golden.criterion.${one as 'trust'}`) })}
                          onClick={() => move(i, i - 1)}
                        >
                          <ArrowUp size={13} />
                        </ActionIcon>
                        <ActionIcon
                          size={22}
                          variant="subtle"
                          color="gray"
                          disabled={i === list.length - 1}
                          aria-label={t('golden.down', { name: t(`golden.criterion.${one as 'trust'}`) })}
                          onClick={() => move(i, i + 1)}
                        >
                          <ArrowDown size={13} />
                        </ActionIcon>
                        <ActionIcon
                          size={22}
                          variant="subtle"
                          color="gray"
                          disabled={list.length === 1}
                          aria-label={t('golden.without', { name: t(`golden.criterion.${one as 'trust'}`) })}
                          onClick={() =>
                            set(
                              field,
                              list.filter((c) => c !== one),
                            )
                          }
                        >
                          <X size={13} />
                        </ActionIcon>
                      </span>
                    )}
                  </li>
                ))}
              </ol>
              {onChange && list.length < criteria.length && (
                <span className={classes.add}>
                  {criteria
                    .filter((one) => !list.includes(one))
                    .map((one) => (
                      <Button key={one} size="compact-xs" variant="subtle" onClick={() => set(field, [...list, one])}>
                        + {t(`golden.criterion.${one}`)}
                      </Button>
                    ))}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {onChange && (
        <div style={{ padding: '0 14px 12px' }}>
          <Select
            aria-label={t('golden.ownRule')}
            placeholder={t('golden.ownRule')}
            data={fields
              .filter((field) => rules.criteria[field.name] === undefined)
              .map((field) => ({ value: field.name, label: field.label }))}
            value={null}
            onChange={(field) => field && set(field, (rules.criteria['*'] ?? '').split(','))}
            searchable
          />
        </div>
      )}
    </Panel>
  );
}
