// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Masked, maskedLooks } from '@/shared/format';
import type { Value } from '../api';
import { parseValue, type CustomerField } from '../fields';
import classes from './Profile.module.css';

interface ProfileValueProps {
  field: CustomerField;
  value: Value | undefined;
  text: string;
  editable: boolean;
  onSave: (value: Value) => void;
}

/** One value: a click edits it in place, Enter saves, Esc reverts. */
export function ProfileValue({ field, value, text, editable, onSave }: ProfileValueProps) {
  const { t } = useTranslation('customer');
  const [draft, setDraft] = useState<string>();
  const masked = maskedLooks(text);
  if (draft === undefined) {
    if (!editable || masked) {
      return (
        <span className={classes.value}>
          {text ? <Masked value={text} /> : <span className={classes.none}>–</span>}
        </span>
      );
    }
    return (
      <button
        type="button"
        className={classes.value}
        onClick={() => setDraft(String(value ?? ''))}
        aria-label={t('editField', { field: field.label, value: text || t('empty') })}
      >
        {text || <span className={classes.none}>{t('add')}</span>}
      </button>
    );
  }
  const leave = (save: boolean, given = draft) => {
    setDraft(undefined);
    if (save && given !== String(value ?? '')) onSave(parseValue(field, given));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') leave(false);
    if (event.key === 'Enter') leave(true);
  };
  const choices =
    field.type === 'boolean'
      ? [
          { value: 'true', label: t('yes') },
          { value: 'false', label: t('no') },
        ]
      : field.choices;
  if (choices) {
    return (
      <select
        className={classes.input}
        aria-label={field.label}
        value={draft}
        autoFocus
        onChange={(event) => leave(true, event.target.value)}
        onBlur={() => leave(false)}
        onKeyDown={onKeyDown}
      >
        <option value="">–</option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  }
  return (
    <input
      className={classes.input}
      aria-label={field.label}
      type={field.type === 'date' ? 'date' : 'text'}
      value={draft}
      autoFocus
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => leave(true)}
      onKeyDown={onKeyDown}
    />
  );
}
