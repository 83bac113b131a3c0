// SPDX-License-Identifier: Apache-2.0
import { Autocomplete, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { MappedColumn } from '../api';
import { attributeTypes, currencies, dateFormats, isDate, isMoney } from '../fields';
import type { Correction } from '../mapping';
import { schemesQuery } from './schemes';
import classes from './Mapping.module.css';

interface ColumnDetailsProps {
  column: MappedColumn;
  isNew: boolean;
  onSet: (correction: Correction) => void;
}

function SchemePicker({ column, onSet }: Omit<ColumnDetailsProps, 'isNew'>) {
  const { t } = useTranslation('intake');
  const { data } = useQuery(schemesQuery);
  return (
    <Autocomplete
      aria-label={t('map.scheme')}
      placeholder={t('map.scheme')}
      leftSection={<span className={classes.mini}>{t('map.schemeShort')}</span>}
      leftSectionWidth={44}
      data={data ?? []}
      value={column.scheme ?? ''}
      onChange={(scheme) => onSet({ scheme })}
      maxLength={60}
    />
  );
}

/** What else a column needs, depending on its target: key scheme, name and type, date format, currency. */
export function ColumnDetails({ column, isNew, onSet }: ColumnDetailsProps) {
  const { t } = useTranslation('intake');
  const { field, attribute } = column;
  if (field === 'key') return <SchemePicker column={column} onSet={onSet} />;
  const date = isDate(field, attribute?.type) && (
    <Select
      aria-label={t('map.dateFormat')}
      allowDeselect={false}
      data={dateFormats.map((value) => ({ value, label: t(`date.${value || 'auto'}`) }))}
      value={column.format ?? ''}
      onChange={(format) => onSet({ format: format || undefined })}
    />
  );
  if (field === 'attribute' && attribute && (isNew || !attribute.label.trim())) {
    return (
      <div className={classes.pair}>
        <TextInput
          aria-label={t('map.attributeName')}
          value={attribute.label}
          onChange={(event) => onSet({ attribute: { ...attribute, label: event.currentTarget.value } })}
          maxLength={60}
        />
        <Select
          aria-label={t('map.attributeType')}
          allowDeselect={false}
          data={attributeTypes.map((value) => ({ value, label: t(`type.${value}`) }))}
          value={attribute.type}
          onChange={(type) => type && onSet({ attribute: { ...attribute, type } })}
        />
        {date}
      </div>
    );
  }
  if (date) return date;
  if (isMoney(field)) {
    return (
      <Select
        aria-label={t('map.currency')}
        w={96}
        allowDeselect={false}
        data={currencies.map((value) => ({ value, label: value }))}
        value={column.currency ?? 'KRW'}
        onChange={(currency) => currency && onSet({ currency })}
      />
    );
  }
  if (field === 'resident_number') return <small>{t('map.resident')}</small>;
  return null;
}
