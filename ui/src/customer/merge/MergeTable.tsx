// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { Customer, CustomerRow } from '../api';
import { fieldText } from '../FieldValue';
import { useCustomerFields, valueOf, type CustomerField } from '../fields';
import classes from './MergeTable.module.css';

/** Whose value a person wants by field; the rules decide the others. */
export type Picks = Record<string, 'survivor' | 'other'>;

interface MergeTableProps {
  survivor: Customer;
  other: Customer;
  /** What the server says would come out; until then the survivor's values, filled up with the other's. */
  result: CustomerRow | undefined;
  picks: Picks;
  onPick: (field: string, side: 'survivor' | 'other') => void;
  all: boolean;
}

const computed = new Set(['record_count', 'created_at', 'updated_at']);

/** Fields side by side, differing ones first; a click on the other's value keeps it. */
export function MergeTable({ survivor, other, result, picks, onPick, all }: MergeTableProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const fields = useCustomerFields().filter((field) => !computed.has(field.name));
  const textOf = (row: CustomerRow, field: CustomerField) => fieldText(field, valueOf(row, field.name), format);
  const differs = (field: CustomerField) => {
    const [one, two] = [textOf(survivor, field), textOf(other, field)];
    return one !== '' && two !== '' && one !== two;
  };
  const filled = fields.filter((field) => textOf(survivor, field) !== '' || textOf(other, field) !== '');
  const differing = filled.filter(differs);
  const rest = filled.filter((field) => !differs(field));
  const outcome = (field: CustomerField) => {
    const pick = picks[field.name];
    if (pick) return textOf(pick === 'other' ? other : survivor, field);
    return textOf(result ?? survivor, field) || textOf(survivor, field) || textOf(other, field);
  };
  const line = (field: CustomerField) => {
    const end = outcome(field);
    const cell = (row: Customer, fromOther: boolean) => {
      const text = textOf(row, field);
      if (!differs(field)) return <span className={classes.plain}>{text || '–'}</span>;
      return (
        <label className={classes.choice} data-chosen={text === end || undefined}>
          <input
            type="radio"
            name={`merge-${field.name}`}
            checked={text === end}
            onChange={() => onPick(field.name, fromOther ? 'other' : 'survivor')}
          />
          {text}
        </label>
      );
    };
    return (
      <tr key={field.name}>
        <th scope="row">{field.label}</th>
        <td>{cell(survivor, false)}</td>
        <td>{cell(other, true)}</td>
        <td className={classes.result}>{end}</td>
      </tr>
    );
  };
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('merge.field')}</th>
            <th scope="col">{t('merge.ofSurvivor', { id: survivor.id })}</th>
            <th scope="col">{t('merge.ofOther', { id: other.id })}</th>
            <th scope="col">{t('merge.result')}</th>
          </tr>
        </thead>
        <tbody>
          {differing.map(line)}
          {differing.length === 0 && (
            <tr>
              <td colSpan={4} className="dim">
                {t('merge.noDifference')}
              </td>
            </tr>
          )}
        </tbody>
        {all && <tbody>{rest.map(line)}</tbody>}
      </table>
    </div>
  );
}
