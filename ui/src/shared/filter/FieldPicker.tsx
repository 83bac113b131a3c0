// SPDX-License-Identifier: Apache-2.0
import { TextInput } from '@mantine/core';
import {
  Calendar,
  Hash,
  List,
  Search,
  ShoppingBag,
  ToggleLeft,
  Type,
  Users,
  Wallet,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesHangul } from '@/shared/format';
import { eventRule, fieldRule, type Catalogue, type FieldType, type Rule } from './rules';
import classes from './FieldPicker.module.css';

const icons: Record<FieldType, LucideIcon> = {
  text: Type,
  choice: List,
  boolean: ToggleLeft,
  integer: Hash,
  number: Hash,
  money: Wallet,
  date: Calendar,
};

interface Entry {
  key: string;
  label: string;
  group: string;
  icon: LucideIcon;
  make: () => Rule;
}

/** A searchable list of everything a rule may ask about; finds by initial consonants too. */
export function FieldPicker({ catalogue, onPick }: { catalogue: Catalogue; onPick: (rule: Rule) => void }) {
  const { t } = useTranslation('shared');
  const [find, setFind] = useState('');
  const [at, setAt] = useState(0);
  const [firstSegment] = catalogue.segments;
  const all: Entry[] = [
    ...catalogue.fields.map((field) => ({
      key: `f:${field.name}`,
      label: field.label,
      group: field.group ?? t('filter.attributes'),
      icon: icons[field.type],
      make: () => fieldRule(field),
    })),
    ...catalogue.events.map((event) => ({
      key: `e:${event.name}`,
      label: event.label,
      group: t('filter.behaviour'),
      icon: ShoppingBag,
      make: () => eventRule(event),
    })),
    ...(firstSegment
      ? [
          {
            key: 's',
            label: t('filter.segment'),
            group: t('filter.behaviour'),
            icon: Users,
            make: () => ({ segment: firstSegment.id }),
          },
        ]
      : []),
  ];
  const shown = all.filter((entry) => matchesHangul(`${entry.label} ${entry.key.slice(2)}`, find));
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) setAt((shown.length + at + step) % Math.max(1, shown.length));
    else if (event.key === 'Enter' && shown[at]) onPick(shown[at].make());
    else return;
    event.preventDefault();
  };
  let group = '';
  return (
    <div>
      <TextInput
        aria-label={t('filter.find')}
        placeholder={t('filter.find')}
        leftSection={<Search size={14} />}
        value={find}
        onChange={(event) => {
          setFind(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        data-autofocus
      />
      <div className={classes.list} role="listbox" aria-label={t('filter.find')}>
        {shown.map((entry, i) => {
          const title = entry.group === group ? null : entry.group;
          group = entry.group;
          return (
            <div key={entry.key} role="presentation">
              {title !== null && <div className={classes.group}>{title}</div>}
              <button
                type="button"
                role="option"
                aria-selected={i === at}
                tabIndex={-1}
                className={classes.entry}
                onMouseEnter={() => setAt(i)}
                onClick={() => onPick(entry.make())}
              >
                <entry.icon size={14} aria-hidden />
                <span className="ellipsis">{entry.label}</span>
              </button>
            </div>
          );
        })}
        {shown.length === 0 && <div className={classes.none}>{t('filter.none')}</div>}
      </div>
    </div>
  );
}
