// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesHangul } from '@/shared/format';
import type { MappedColumn } from '../api';
import { retarget, type Correction } from '../mapping';
import { attributeOf, type KnownAttribute, type TargetGroup } from './targets';

interface TargetPickerProps {
  column: MappedColumn;
  value: string;
  groups: TargetGroup[];
  attributes: KnownAttribute[];
  onSet: (column: MappedColumn, correction: Correction) => void;
  onClose: () => void;
}

interface Item {
  value: string;
  label: string;
}

/** The open picker of what a column fills; found by letters, initial consonants or the field's own name. */
export function TargetPicker({ column, value, groups, attributes, onSet, onClose }: TargetPickerProps) {
  const { t } = useTranslation('intake');
  const box = useRef<HTMLDivElement>(null);
  const pick = (picked: string | null) => {
    if (!picked) return;
    const known = attributeOf(picked, attributes);
    if (!known) return onSet(column, retarget(column, picked));
    const attribute = { slug: known.name, label: known.label_ko, type: known.type };
    return onSet(column, { ...retarget(column, 'attribute'), attribute });
  };
  const close = () => {
    const row = box.current?.closest('tr');
    onClose();
    // The keys of the table go on from the row, unless the person has gone elsewhere.
    if (row?.contains(document.activeElement)) row.focus();
  };
  return (
    <div ref={box}>
      <Select
        aria-label={t('map.targetOf', { name: column.header })}
        searchable
        autoFocus
        defaultDropdownOpened
        allowDeselect={false}
        data={groups}
        value={value}
        onChange={pick}
        onDropdownClose={close}
        onFocus={(event) => event.currentTarget.select()}
        maxDropdownHeight={340}
        comboboxProps={{ width: 240, position: 'bottom-start' }}
        nothingFoundMessage={t('map.noTarget')}
        filter={({ options, search }) =>
          options.flatMap((option) => {
            const items = ('items' in option ? option.items : [option]) as Item[];
            const hits = items.filter((item) => matchesHangul(`${item.label} ${item.value}`, search));
            return hits.length > 0 && 'items' in option ? [{ ...option, items: hits }] : [];
          })
        }
      />
    </div>
  );
}
