// SPDX-License-Identifier: Apache-2.0
import { translate } from '@/app/i18n';
import { formatPhone, type Formatters } from '@/shared/format';
import { Status, type Tone } from '@/shared/page';
import type { Value } from './api';
import type { CustomerField } from './fields';

const gradeTones: Record<string, Tone> = {
  VVIP: 'violet',
  VIP: 'violet',
  골드: 'amber',
  GOLD: 'amber',
  실버: 'cyan',
  SILVER: 'cyan',
};

/** Draws a grade: it is the company's own word, and the usual ones are said in the reader's language. */
export function Grade({ name }: { name: string }) {
  return <Status tone={gradeTones[name] ?? 'grey'}>{gradeName(name)}</Status>;
}

const gradeName = (name: string) => translate(`cube:grades.${name}`, name);

/** Writes a value of a field as text. */
export function fieldText(field: CustomerField, value: Value | undefined, format: Formatters): string {
  if (value === undefined || value === null || value === '') return '';
  if (field.type === 'boolean') return translate(value ? 'shared:yes' : 'shared:no');
  if (field.choices) return field.choices.find((c) => c.value === value)?.label ?? String(value);
  if (field.type === 'phone') return formatPhone(String(value));
  if (field.type === 'date') return format.date(String(value));
  if (field.type === 'time') return format.dateTime(String(value));
  if (field.type === 'money' && typeof value === 'number') return format.money(value, field.currency || undefined);
  if (typeof value === 'number') return format.number(value, field.type === 'number' ? 4 : 0);
  if (field.name === 'grade') return gradeName(String(value));
  return String(value);
}

/** Draws a value of a field in a cell. */
export function fieldCell(field: CustomerField, value: Value | undefined, format: Formatters) {
  const text = fieldText(field, value, format);
  if (!text) return null;
  if (field.name === 'grade') return <Grade name={String(value)} />;
  if (field.type === 'boolean') return <Status tone={value ? 'teal' : 'grey'}>{text}</Status>;
  return (
    <span title={text.length > 24 ? text : undefined} className="ellipsis">
      {text}
    </span>
  );
}
