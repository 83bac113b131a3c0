// SPDX-License-Identifier: Apache-2.0
import { Button, Popover } from '@mantine/core';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { describeRule, operatorLabel, valueText } from './describe';
import { FieldRuleEditor } from './FieldRuleEditor';
import { isComplete, isField, type Catalogue, type Rule } from './rules';
import classes from './Rules.module.css';

interface RuleChipProps {
  rule: Rule;
  catalogue: Catalogue;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
  onAdvanced: () => void;
  startOpen?: boolean;
}

/** One filter as a chip; a click edits it in place, nested ones open the builder. */
export function RuleChip({ rule, catalogue, onChange, onRemove, onAdvanced, startOpen }: RuleChipProps) {
  const { t } = useTranslation('shared');
  const [opened, setOpened] = useState(startOpen ?? false);
  const [draft, setDraft] = useState(rule);
  const field = isField(rule) ? catalogue.fields.find((f) => f.name === rule.field) : undefined;
  const text = describeRule(rule, catalogue);
  const close = (save: boolean) => {
    setOpened(false);
    if (!save) {
      if (!isComplete(rule)) onRemove();
      return;
    }
    if (isComplete(draft)) onChange(draft);
    else if (!isComplete(rule)) onRemove();
  };
  const toggle = () => {
    if (!isField(rule)) return onAdvanced();
    setDraft(rule);
    return opened ? close(true) : setOpened(true);
  };
  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && close(true)}
      position="bottom-start"
      width={360}
      trapFocus
      closeOnEscape={false}
      withRoles={false}
    >
      <Popover.Target>
        <span className={classes.chip} data-incomplete={!isComplete(rule) || undefined}>
          <button
            type="button"
            className={classes.chipText}
            onClick={toggle}
            title={text}
            aria-haspopup="dialog"
            aria-expanded={opened}
          >
            {isField(rule) ? (
              <>
                {field?.label ?? rule.field} <em>{operatorLabel(rule.is, field?.type ?? 'text')}</em>{' '}
                {valueText(rule.value, rule.is, field)}
              </>
            ) : (
              text
            )}
          </button>
          <button
            type="button"
            className={classes.chipRemove}
            onClick={onRemove}
            aria-label={t('filter.removeNamed', { name: text })}
          >
            <X size={13} aria-hidden />
          </button>
        </span>
      </Popover.Target>
      <Popover.Dropdown p={10}>
        {isField(draft) && (
          <form
            style={{ display: 'grid', gap: 10 }}
            onSubmit={(event) => {
              event.preventDefault();
              close(true);
            }}
            onKeyDown={(event) => event.key === 'Escape' && close(false)}
          >
            <strong style={{ fontWeight: 550 }}>{field?.label ?? draft.field}</strong>
            <FieldRuleEditor rule={draft} fields={catalogue.fields} onChange={setDraft} fixed autoFocus />
            <Button type="submit" size="xs" disabled={!isComplete(draft)} style={{ justifySelf: 'end' }}>
              {t('apply')}
            </Button>
          </form>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
