// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Status, type Tone } from '@/shared/page';
import { matchesHangul } from '@/shared/format';
import type { MappedColumn } from '../api';
import { retarget, type ColumnProblem, type ColumnState, type Correction } from '../mapping';
import { ColumnDetails } from './ColumnDetails';
import { attributeOf, fieldLabel, targetOf, type KnownAttribute, type TargetGroup } from './targets';
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
  known: ReadonlySet<string>;
  active: boolean;
  onSet: (column: MappedColumn, correction: Correction) => void;
}

interface Item {
  value: string;
  label: string;
}

const SAMPLES = 3;

/** One column of the file: header, samples, how it is used, the picker of its target, and its details. */
export const MappingRow = memo(function MappingRow(props: MappingRowProps) {
  const { column, state, problem, groups, attributes, known, active, onSet } = props;
  const { t, i18n } = useTranslation('intake');
  const isNew = column.field === 'attribute' && !known.has(column.attribute?.slug ?? '');
  const pick = (value: string | null) => {
    if (!value) return;
    const chosen = attributeOf(value, attributes);
    if (!chosen) return onSet(column, retarget(column, value));
    const attribute = { slug: chosen.name, label: chosen.label_ko, type: chosen.type };
    return onSet(column, { ...retarget(column, 'attribute'), attribute });
  };
  return (
    <tr data-index={column.index} data-state={state} tabIndex={active ? 0 : -1} aria-label={column.header}>
      <th scope="row" className={classes.header}>
        <span className="ellipsis" title={column.header}>
          {column.header}
        </span>
      </th>
      <td className={classes.samples}>
        {[...new Set(column.samples ?? [])].slice(0, SAMPLES).map((sample) => (
          <span key={sample} title={sample}>
            {sample}
          </span>
        ))}
        {(column.samples ?? []).length === 0 && <em>{t('map.empty')}</em>}
      </td>
      <td className={classes.use}>
        <Status tone={tones[state]}>{t(`use.${state}`)}</Status>
      </td>
      <td className={classes.target} data-target>
        <Select
          aria-label={t('map.targetOf', { name: column.header })}
          searchable
          allowDeselect={false}
          data={groups}
          value={targetOf(column, attributes)}
          onChange={pick}
          maxDropdownHeight={340}
          comboboxProps={{ width: 240, position: 'bottom-start' }}
          nothingFoundMessage={t('map.noTarget')}
          error={problem && problemText()}
          filter={({ options, search }) =>
            options.flatMap((option) => {
              const items = ('items' in option ? option.items : [option]) as Item[];
              const hits = items.filter((item) => matchesHangul(`${item.label} ${item.value}`, search));
              return hits.length > 0 && 'items' in option ? [{ ...option, items: hits }] : [];
            })
          }
        />
      </td>
      <td className={classes.details}>
        <ColumnDetails column={column} isNew={isNew} onSet={(correction) => onSet(column, correction)} />
        {state === 'unsure' && (
          <small title={i18n.language === 'en' ? column.reason : undefined}>{t('map.unsure')}</small>
        )}
      </td>
    </tr>
  );

  function problemText() {
    if (!problem) return undefined;
    return t(`problem.${problem.kind}`, { other: problem.other ?? '', field: fieldLabel(column.field) });
  }
});
