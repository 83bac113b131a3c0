// SPDX-License-Identifier: Apache-2.0
import { Button, Combobox, useCombobox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Braces } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesHangul } from '@/shared/format';
import { mergeFieldsQuery, type MergeField } from '../api';

/** How a field is written: names get a fallback, dates and money their form. */
function written(field: MergeField, fallback: string): string {
  if (field.kind === 'date') return `{{${field.name} | date "YYYY-MM-DD"}}`;
  if (field.kind === 'money') return `{{${field.name} | money}}`;
  return field.name === 'name' ? `{{${field.name} | default "${fallback}"}}` : `{{${field.name}}}`;
}

/** The button that lists the merge fields and puts one where the caret is. */
export function FieldMenu({ onInsert, compact }: { onInsert: (text: string) => void; compact?: boolean }) {
  const { t, i18n } = useTranslation('mail');
  const { data } = useQuery(mergeFieldsQuery);
  const [find, setFind] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => setFind(''),
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const label = (field: MergeField) => (i18n.language === 'ko' ? field.label_ko : field.label_en);
  const fields = (data?.items ?? []).filter((field) =>
    matchesHangul(`${field.label_ko} ${field.label_en} ${field.name}`, find),
  );
  return (
    <Combobox
      store={combobox}
      width={280}
      position="bottom-start"
      onOptionSubmit={(name) => {
        const field = fields.find((f) => f.name === name);
        combobox.closeDropdown();
        if (field) onInsert(written(field, t('field.fallback')));
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Braces size={13} />}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          {t(compact ? 'field.short' : 'field.insert')}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
          placeholder={t('field.find')}
          aria-label={t('field.find')}
        />
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }}>
          {fields.map((field) => (
            <Combobox.Option key={field.name} value={field.name}>
              <span style={{ display: 'flex', justifyContent: 'space-between', gap: 8 }}>
                <span>{label(field)}</span>
                <code className="dim">{field.name}</code>
              </span>
            </Combobox.Option>
          ))}
          {fields.length === 0 && <Combobox.Empty>{t('field.none')}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
