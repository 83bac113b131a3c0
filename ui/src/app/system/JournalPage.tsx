// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page, ViewTabs } from '@/shared/page';
import { api } from '../api';
import { translate } from '../i18n';
import { useCan, useSession } from '../session';
import { AccessList } from './AccessList';
import type { LogFilter } from './api';
import { JournalList } from './JournalList';

const capabilities = ['customer', 'intake', 'order', 'consent', 'segment', 'campaign', 'mail', 'team'];

/** The start of a day of the company's zone, or of the day after, as the API takes it. */
function dayStart(day: string | null, zone: string, after = 0): string | undefined {
  if (!day) return undefined;
  const utc = new Date(`${day}T00:00:00Z`).getTime() + after * 86_400_000;
  const shown = new Date(new Date(utc).toLocaleString('en-US', { timeZone: zone })).getTime();
  const asUtc = new Date(new Date(utc).toLocaleString('en-US', { timeZone: 'UTC' })).getTime();
  return new Date(utc - (shown - asUtc)).toISOString();
}

/** Who changed what, and who saw whose data. */
export function JournalPage() {
  const { t } = useTranslation('app');
  const can = useCan();
  const { company } = useSession();
  const { tab, subject } = useSearch({ from: '/shell/journal' });
  const navigate = useNavigate({ from: '/journal' });
  const [range, setRange] = useState<[string | null, string | null]>([null, null]);
  const [person, setPerson] = useState<string | null>(null);
  const [capability, setCapability] = useState<string | null>(null);
  const people = useQuery({
    queryKey: ['people'],
    queryFn: ({ signal }) => api.get('/api/people', { signal }),
    enabled: can('team:read'),
  });
  const access = tab === 'access' || subject !== undefined;
  const filter: LogFilter = {
    from: dayStart(range[0], company.zone),
    to: dayStart(range[1], company.zone, 1),
    personId: person ? Number(person) : undefined,
    capability: capability ?? undefined,
    subjectId: subject,
  };
  return (
    <Page
      title={t('journal.title')}
      bar={
        <>
          <ViewTabs
            label={t('journal.title')}
            tabs={[
              { id: 'changes', label: t('journal.changes') },
              { id: 'access', label: t('journal.access') },
            ]}
            value={access ? 'access' : 'changes'}
            onChange={(id) => void navigate({ search: id === 'access' ? { tab: 'access' } : {} })}
          />
          <span style={{ marginInlineStart: 'auto' }} />
          <DatePickerInput
            type="range"
            clearable
            placeholder={t('journal.period')}
            aria-label={t('journal.period')}
            value={range}
            onChange={setRange}
            style={{ width: 210 }}
          />
          <Select
            clearable
            searchable
            placeholder={t('journal.person')}
            aria-label={t('journal.person')}
            data={(people.data?.items ?? []).map((one) => ({ value: String(one.id), label: one.name }))}
            value={person}
            onChange={setPerson}
            style={{ width: 150 }}
          />
          {!access && (
            <Select
              clearable
              placeholder={t('journal.part')}
              aria-label={t('journal.part')}
              data={capabilities.map((value) => ({ value, label: translate(`team:capability.${value}`, value) }))}
              value={capability}
              onChange={setCapability}
              style={{ width: 140 }}
            />
          )}
        </>
      }
    >
      {access ? (
        <AccessList
          filter={filter}
          onAll={subject === undefined ? undefined : () => void navigate({ search: { tab: 'access' } })}
        />
      ) : (
        <JournalList filter={filter} />
      )}
    </Page>
  );
}
