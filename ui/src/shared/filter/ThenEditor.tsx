// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Catalogue, ThenRule } from './rules';
import { WhereEditor } from './WhereEditor';
import classes from './Rules.module.css';

interface ThenEditorProps {
  /** The event that comes first. */
  event: string;
  rule: ThenRule;
  catalogue: Catalogue;
  onChange: (rule: ThenRule | undefined) => void;
}

/** What has to follow an event, and how soon. */
export function ThenEditor({ event, rule, catalogue, onChange }: ThenEditorProps) {
  const { t } = useTranslation('shared');
  const name = rule.event ?? event;
  return (
    <div className={classes.then}>
      <div className={classes.line}>
        <span className={classes.joint}>{t('filter.then')}</span>
        <NumberInput
          aria-label={t('filter.thenDays')}
          value={rule.within_days}
          min={0}
          max={36_500}
          onChange={(days) => onChange({ ...rule, within_days: Number(days) || 0 })}
          suffix={t('filter.thenSuffix')}
          style={{ width: 120 }}
        />
        <Select
          aria-label={t('filter.thenEvent')}
          data={catalogue.events.map((e) => ({ value: e.name, label: e.label }))}
          value={name}
          allowDeselect={false}
          onChange={(next) =>
            next && onChange({ within_days: rule.within_days, event: next === event ? undefined : next })
          }
          style={{ width: 150 }}
        />
        <button
          type="button"
          className={classes.remove}
          aria-label={t('filter.removeThen')}
          title={t('filter.removeThen')}
          onClick={() => onChange(undefined)}
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      <WhereEditor
        where={rule.where}
        fields={catalogue.events.find((e) => e.name === name)?.fields ?? []}
        onChange={(where) => onChange({ ...rule, where })}
      />
    </div>
  );
}
