// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import type { Formatters } from '@/shared/format';
import { useFormat } from '@/shared/format';
import type { CellValue, ResultColumn } from './api';

const THOUSANDTHS = 1000;

/** Writes a number of a measure in its kind; `short` for axes and crowded cells. */
export function writeNumber(
  value: CellValue | undefined,
  column: ResultColumn,
  format: Formatters,
  short = false,
): string {
  if (typeof value !== 'number') return value === null || value === undefined ? '' : String(value);
  switch (column.kind) {
    case 'money':
      return short ? format.moneyCompact(value, column.currency) : format.money(value, column.currency);
    case 'percent':
      return format.percent(value);
    case 'quantity':
      return short ? format.compact(value / THOUSANDTHS) : format.number(value / THOUSANDTHS, 3);
    case 'integer':
      return short ? format.compact(value) : format.number(value);
    default:
      return short ? format.compact(value) : format.number(value, 2);
  }
}

/** Writes the values of dimensions: their labels, months as months, "none" for what is missing. */
export function useWrite() {
  const format = useFormat();
  const label = useLabel();
  const { t } = useTranslation('cube');
  const writeValue = (value: CellValue, column: ResultColumn): string => {
    if (value === null || value === '') return t('none');
    const known = column.values?.find((v) => v.value === String(value));
    if (known) return label(known.label);
    if (column.kind === 'boolean') return t(value === true || value === 1 || value === 'true' ? 'yes' : 'no');
    if (column.unit === 'month' && typeof value === 'string') return format.month(value);
    if (column.unit === 'weekday') return t(`weekday.${Number(value) as 1}`);
    if (column.unit === 'hour') return t('hour', { hour: Number(value) });
    if (column.unit === 'day' && typeof value === 'string') return format.date(value);
    // Grades are the company's own words; the usual ones are said in the reader's language.
    if (column.name === 'customer.grade')
      return t(`grades.${String(value) as '골드'}`, { defaultValue: String(value) });
    return String(value);
  };
  return {
    writeValue,
    label,
    format,
    writeNumber: (v: CellValue | undefined, c: ResultColumn, short?: boolean) => writeNumber(v, c, format, short),
  };
}
