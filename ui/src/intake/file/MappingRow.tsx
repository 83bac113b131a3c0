// SPDX-License-Identifier: Apache-2.0
import { ChevronsUpDown } from 'lucide-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import type { MappedColumn } from '../api';
import type { ColumnProblem, ColumnState, Correction } from '../mapping';
import { ColumnDetails } from './ColumnDetails';
import { fieldLabel, labelOfTarget, targetOf, type KnownAttribute, type TargetGroup } from './targets';
import { TargetPicker } from './TargetPicker';
import classes from './Mapping.module.css';

const tones: Record<ColumnState, Tone> = {
  matched: 'teal',
  key: 'accent',
  new: 'violet',
  extra: 'cyan',
  skipped: 'grey',
  unsure: 'amber',
  wrong: 'red',
};

interface MappingRowProps {
  column: MappedColumn;
  state: ColumnState;
  problem?: ColumnProblem;
  groups: TargetGroup[];
  attributes: KnownAttribute[];
  isNew: boolean;
  active: boolean;
  /** The picker is open in this row; only one row has a real picker, so that hundreds of columns stay quick. */
  editing: boolean;
  onEdit: (index: number | undefined) => void;
  onSet: (column: MappedColumn, correction: Correction) => void;
}

const SAMPLES = 3;

/** One column of the file: header, samples, how it is used, what it fills, and its details. */
export const MappingRow = memo(function MappingRow(props: MappingRowProps) {
  const { column, state, problem, groups, attributes, isNew, active, editing, onEdit, onSet } = props;
  const { t, i18n } = useTranslation('intake');
  const samples = [...new Set(column.samples ?? [])].slice(0, SAMPLES);
  const target = targetOf(column, attributes);
  return (
    <tr data-index={column.index} data-state={state} tabIndex={active ? 0 : -1} aria-label={column.header}>
      <th scope="row" className={classes.header}>
        <span className="ellipsis" title={column.header}>
          {column.header}
        </span>
      </th>
      <td className={classes.samples}>
        {samples.map((sample) => (
          <span key={sample} title={sample}>
            {sample}
          </span>
        ))}
        {samples.length === 0 && <em>{t('map.empty')}</em>}
      </td>
      <td className={classes.use}>
        <Status tone={tones[state]}>{t(`use.${state}`)}</Status>
      </td>
      <td className={classes.target}>
        {editing ? (
          <TargetPicker
            column={column}
            value={target}
            groups={groups}
            attributes={attributes}
            onSet={onSet}
            onClose={() => onEdit(undefined)}
          />
        ) : (
          <button
            type="button"
            className={classes.pick}
            aria-haspopup="listbox"
            aria-invalid={problem !== undefined}
            aria-label={`${t('map.targetOf', { name: column.header })}: ${labelOfTarget(target, groups)}`}
            onClick={() => onEdit(column.index)}
          >
            <span className="ellipsis">{labelOfTarget(target, groups)}</span>
            <ChevronsUpDown size={13} aria-hidden />
          </button>
        )}
        {problem && (
          <small className={classes.problem} role="alert">
            {t(`problem.${problem.kind}`, { other: problem.other ?? '', field: fieldLabel(column.field) })}
          </small>
        )}
      </td>
      <td className={classes.details}>
        <ColumnDetails column={column} isNew={isNew} onSet={onSet} />
        {state === 'unsure' && (
          <small title={i18n.language === 'en' ? column.reason : undefined}>{t('map.unsure')}</small>
        )}
      </td>
    </tr>
  );
});
