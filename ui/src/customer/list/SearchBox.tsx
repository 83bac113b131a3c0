// SPDX-License-Identifier: Apache-2.0
import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '@/app/shortcuts';

const PAUSE = 160;

/** The search of the list: names, initial consonants, digits of a phone, e-mail, any key. */
export function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const { t } = useTranslation('customer');
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const told = useRef(value);
  const tell = useDebouncedCallback((q: string) => {
    told.current = q;
    onChange(q);
  }, PAUSE);
  useEffect(() => {
    if (value !== told.current) {
      told.current = value;
      setText(value);
    }
  }, [value]);
  useShortcuts(t('title'), [{ keys: '/', label: t('list.focusSearch'), run: () => field.current?.focus() }]);
  const change = (q: string) => {
    setText(q);
    tell(q);
  };
  return (
    <TextInput
      ref={field}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && (text ? change('') : field.current?.blur())}
      placeholder={t('list.search')}
      aria-label={t('list.search')}
      leftSection={<Search size={15} />}
      rightSection={
        text ? <CloseButton size="xs" onClick={() => change('')} aria-label={t('list.clearSearch')} /> : undefined
      }
      style={{ width: 'min(260px, 100%)', order: 3 }}
    />
  );
}
