// SPDX-License-Identifier: Apache-2.0
import { Initial, maskedLooks, type Formatters } from '@/shared/format';
import type { CellEdit, ColumnState, GridColumn } from '@/shared/grid';
import type { CustomerRow, Value } from '../api';
import { fieldCell } from '../FieldValue';
import { parseValue, valueOf, type CustomerField } from '../fields';

interface ColumnOptions {
  fields: CustomerField[];
  shown: ColumnState[];
  format: Formatters;
  owners: Map<number, string>;
  unnamed: string;
  canEdit: boolean;
  /** Personal values are in clear; masked ones cannot be sorted by. */
  clear: boolean;
  onEdit: (row: CustomerRow, field: CustomerField, value: Value) => void;
}

const editKinds: Partial<Record<CustomerField['type'], CellEdit<CustomerRow>['kind']>> = {
  choice: 'choice',
  boolean: 'boolean',
  date: 'date',
  integer: 'number',
  number: 'number',
  money: 'number',
};

/** Makes the columns of the customer grid out of the fields that a person chose. */
export function customerColumns(options: ColumnOptions): GridColumn<CustomerRow>[] {
  const { fields, shown, format, owners, unnamed, canEdit, clear, onEdit } = options;
  return shown.flatMap(({ id, width }) => {
    const field = fields.find((f) => f.name === id);
    if (!field) return [];
    const raw = (row: CustomerRow) => String(valueOf(row, id) ?? '');
    const numeric = ['integer', 'number', 'money'].includes(field.type);
    const column: GridColumn<CustomerRow> = {
      id,
      header: field.label,
      width: width ?? field.width,
      align: numeric ? 'end' : 'start',
      sortable: clear || !field.personal || id === 'full_name',
      cell: (row) => {
        const value = valueOf(row, id);
        if (id === 'full_name') return <NameCell name={String(value || row.company || '')} unnamed={unnamed} />;
        if (id === 'owner_id') return <span className="ellipsis">{owners.get(Number(value)) ?? ''}</span>;
        return fieldCell(field, value, format);
      },
    };
    if (canEdit && field.editable) {
      column.edit = {
        kind: editKinds[field.type] ?? 'text',
        value: raw,
        choices: field.choices,
        locked: (row) => maskedLooks(raw(row)),
        save: (row, text) => onEdit(row, field, parseValue(field, text)),
      };
    }
    return [column];
  });
}

function NameCell({ name, unnamed }: { name: string; unnamed: string }) {
  return (
    <>
      <Initial name={name || '?'} />
      <strong className="ellipsis" style={{ fontWeight: 550, cursor: 'pointer' }}>
        {name || <span className="dim">{unnamed}</span>}
      </strong>
    </>
  );
}
