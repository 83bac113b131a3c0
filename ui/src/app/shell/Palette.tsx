// SPDX-License-Identifier: Apache-2.0
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Keyboard, Search, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Keys } from '@/shared/page';
import { matchesHangul } from '@/shared/format';
import { api } from '../api';
import { commands, navItems } from '../capabilities';
import type { Command } from '../capability';
import { translate } from '../i18n';
import { useCan } from '../session';
import { pageCommands } from './palette';

const [store, spotlight] = createSpotlight();

/** Opens the command palette. */
export const openPalette = () => spotlight.open();

interface Suggestion {
  id: number;
  full_name: string;
  hint?: string;
}

function useSuggestions(text: string): Suggestion[] {
  const [query] = useDebouncedValue(text.trim(), 120);
  const can = useCan();
  const { data } = useQuery({
    queryKey: ['customers', 'suggest', query],
    queryFn: ({ signal }) =>
      api.get<{ items: Suggestion[] }>('/api/customers/suggest', { query: { q: query }, signal }),
    enabled: query.length > 0 && can('customer:read'),
    placeholderData: (old) => old,
    retry: false,
  });
  return text.trim() ? (data?.items ?? []) : [];
}

/** Ctrl K: go anywhere, find a customer, run an action of the page. */
export function Palette({ onShortcuts }: { onShortcuts: () => void }) {
  const { t } = useTranslation('app');
  const [text, setText] = useState('');
  const router = useRouter();
  const can = useCan();
  const people = useSuggestions(text);
  const places: Command[] = navItems.map((item) => ({ ...item, id: item.to }));
  const sheet: Command = { id: 'shortcuts', label: 'app:shortcuts.sheet', icon: Keyboard, keys: '?', run: onShortcuts };
  const groups = [
    { label: t('palette.page'), items: pageCommands() },
    { label: t('palette.go'), items: places },
    { label: t('palette.do'), items: [...commands, sheet] },
  ]
    .map((group) => ({
      ...group,
      items: group.items.filter(
        (c) => can(c.permission) && matchesHangul(`${translate(c.label)} ${c.words ?? ''}`, text),
      ),
    }))
    .filter((group) => group.items.length > 0);
  const run = (command: Command) => {
    if (command.to) void router.navigate({ to: command.to, search: command.search });
    command.run?.();
  };
  const openCustomer = (id: number) => void router.navigate({ to: '/customers/$id', params: { id: String(id) } });

  return (
    <Spotlight.Root
      store={store}
      query={text}
      onQueryChange={setText}
      shortcut={null}
      radius="lg"
      size={600}
      overlayProps={{ opacity: 0.35, blur: 0 }}
    >
      <Spotlight.Search
        placeholder={t('palette.placeholder')}
        aria-label={t('palette.placeholder')}
        leftSection={<Search size={17} />}
      />
      <Spotlight.ActionsList>
        {people.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.customers')}>
            {people.map((person) => (
              <Spotlight.Action
                key={person.id}
                label={person.full_name}
                description={person.hint}
                leftSection={<UserRound size={16} />}
                onClick={() => openCustomer(person.id)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group.label} label={group.label}>
            {group.items.map((command) => (
              <Spotlight.Action
                key={command.id}
                label={translate(command.label)}
                leftSection={<command.icon size={16} strokeWidth={1.75} />}
                rightSection={command.keys ? <Keys keys={command.keys} /> : undefined}
                onClick={() => run(command)}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {people.length === 0 && groups.length === 0 && <Spotlight.Empty>{t('palette.empty')}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
