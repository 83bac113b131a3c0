// SPDX-License-Identifier: Apache-2.0
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MappedColumn } from '../api';
import { attributeTypes, currencies, dateFormats, isDate, isMoney } from '../fields';
import type { Correction } from '../mapping';
import classes from './Mapping.module.css';

/** The list of known key schemes that the page offers to all rows. */
export const SCHEMES = 'known-key-schemes';

interface ColumnDetailsProps {
  column: MappedColumn;
  isNew: boolean;
  onSet: (column: MappedColumn, correction: Correction) => void;
}

interface MiniSelectProps {
  label: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}

/** The browser's own select: cheap enough for hundreds of rows. */
function MiniSelect({ label, value, choices, onChange }: MiniSelectProps) {
  return (
    <select
      className={classes.mini}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

/** What else a column needs, depending on its target: key scheme, name and type, date format, currency. */
export const ColumnDetails = memo(function ColumnDetails({ column, isNew, onSet }: ColumnDetailsProps) {
  const { t } = useTranslation('intake');
  const { field, attribute } = column;
  const set = (correction: Correction) => onSet(column, correction);
  if (field === 'key') {
    return (
      <label className={classes.labelled}>
        <span>{t('map.schemeShort')}</span>
        <input
          className={classes.mini}
          aria-label={t('map.scheme')}
          list={SCHEMES}
          maxLength={60}
          value={column.scheme ?? ''}
          onChange={(event) => set({ scheme: event.currentTarget.value })}
        />
      </label>
    );
  }
  const date = isDate(field, attribute?.type) && (
    <MiniSelect
      label={t('map.dateFormat')}
      choices={dateFormats.map((value) => ({ value, label: t(`date.${value || 'auto'}`) }))}
      value={column.format ?? ''}
      onChange={(format) => set({ format: format || undefined })}
    />
  );
  if (field === 'attribute' && attribute && (isNew || !attribute.label.trim())) {
    return (
      <div className={classes.pair}>
        <input
          className={classes.mini}
          aria-label={t('map.attributeName')}
          maxLength={60}
          value={attribute.label}
          onChange={(event) => set({ attribute: { ...attribute, label: event.currentTarget.value } })}
        />
        <MiniSelect
          label={t('map.attributeType')}
          choices={attributeTypes.map((value) => ({ value, label: t(`type.${value}`) }))}
          value={attribute.type}
          onChange={(type) => set({ attribute: { ...attribute, type } })}
        />
        {date}
      </div>
    );
  }
  if (date) return date;
  if (isMoney(field)) {
    return (
      <MiniSelect
        label={t('map.currency')}
        choices={currencies.map((value) => ({ value, label: value }))}
        value={column.currency ?? 'KRW'}
        onChange={(currency) => set({ currency })}
      />
    );
  }
  if (field === 'resident_number') return <small>{t('map.resident')}</small>;
  return null;
});
