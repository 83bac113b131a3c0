// SPDX-License-Identifier: Apache-2.0
import { Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '@/app/shortcuts';
import { ViewTabs } from '@/shared/page';
import { staffQuery } from '../api';
import { inboxKinds, inboxStates, type InboxSearch } from './inboxSearch';
import styles from './Inbox.module.css';

/** How long the search waits for the next letter. */
const typingPause = 300;

interface InboxFiltersProps {
  search: InboxSearch;
  go: (change: InboxSearch) => void;
}

/** Which mails are shown: who wrote, state, words, who has them in hand, with files. */
export function InboxFilters({ search, go }: InboxFiltersProps) {
  const { t } = useTranslation('mail');
  const { state = 'open', kind = 'all', assignee, files } = search;
  const [text, setText] = useState(search.q ?? '');
  const field = useRef<HTMLInputElement>(null);
  const people = useQuery(staffQuery).data?.items ?? [];
  useShortcuts(t('inbox.title'), [{ keys: '/', label: t('inbox.search'), run: () => field.current?.focus() }]);
  useEffect(() => {
    const q = text.trim() || undefined;
    if (q === search.q) return;
    const timer = setTimeout(() => go({ q, mail: undefined }), typingPause);
    return () => clearTimeout(timer);
  }, [text, search.q, go]);
  return (
    <div className={styles.bar}>
      <ViewTabs
        label={t('inbox.title')}
        value={kind}
        onChange={(id) => go({ kind: inboxKinds.find((k) => k === id), mail: undefined })}
        tabs={inboxKinds.map((id) => ({ id, label: t(`inbox.kinds.${id}`) }))}
      />
      <SegmentedControl
        size="xs"
        value={state}
        onChange={(id) => go({ state: inboxStates.find((s) => s === id), mail: undefined })}
        data={inboxStates.map((id) => ({ value: id, label: t(`inbox.${id}`) }))}
      />
      <TextInput
        ref={field}
        size="xs"
        className={styles.search}
        leftSection={<Search size={14} aria-hidden />}
        aria-label={t('inbox.search')}
        placeholder={t('inbox.search')}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Select
        size="xs"
        w={150}
        aria-label={t('inbox.assignee')}
        placeholder={t('inbox.anyone')}
        clearable
        value={assignee ?? null}
        onChange={(value) => go({ assignee: value ?? undefined, mail: undefined })}
        data={[
          { value: 'mine', label: t('inbox.mine') },
          { value: 'none', label: t('inbox.nobody') },
          ...people.map((person) => ({ value: String(person.id), label: person.name })),
        ]}
      />
      <Checkbox
        size="xs"
        label={t('inbox.withFiles')}
        checked={files ?? false}
        onChange={(event) => go({ files: event.currentTarget.checked || undefined, mail: undefined })}
      />
    </div>
  );
}
