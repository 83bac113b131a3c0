// SPDX-License-Identifier: Apache-2.0
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ListPlus, Plus, Search, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { describeRule } from '@/shared/filter';
import { Ago, matchesHangul, useFormat } from '@/shared/format';
import { EmptyState, Page, Query, SimpleTable, Status } from '@/shared/page';
import { segmentsQuery, type Segment } from './api';
import { ImportModal } from './ImportModal';
import { useSegmentCatalogue } from './useSegmentCatalogue';

/** Whether the members of a segment are up to date; its problem is the title. */
function StateCell({ segment }: { segment: Segment }) {
  const { t } = useTranslation('segment');
  const { state } = segment;
  if (!state) return <Status tone="cyan">{t('state.first')}</Status>;
  return (
    <span title={state.problem || segment.problem}>
      <Status tone={state.state === 'fresh' ? 'teal' : 'red'}>{t(`state.${state.state}`)}</Status>{' '}
      <span className="dim">
        <Ago at={state.started_at} />
      </span>
    </span>
  );
}

/** All saved segments with what they ask and how many they hold. */
export function SegmentsPage() {
  const { t } = useTranslation('segment');
  const { number } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const result = useQuery(segmentsQuery);
  const { catalogue } = useSegmentCatalogue();
  const [find, setFind] = useState('');
  const [importing, setImporting] = useState(false);
  const create = can('segment:create') && (
    <>
      <Button variant="default" leftSection={<ListPlus size={14} />} onClick={() => setImporting(true)}>
        {t('import.title')}
      </Button>
      <Button component={Link} to="/segments/0" leftSection={<Plus size={14} />}>
        {t('new')}
      </Button>
      <ImportModal opened={importing} onClose={() => setImporting(false)} />
    </>
  );

  return (
    <Page
      title={t('title')}
      aside={result.data && number(result.data.items.length)}
      actions={create}
      bar={
        result.data && result.data.items.length > 0 ? (
          <TextInput
            leftSection={<Search size={14} />}
            placeholder={t('find')}
            aria-label={t('find')}
            value={find}
            onChange={(event) => setFind(event.currentTarget.value)}
            w={260}
          />
        ) : undefined
      }
    >
      <Query result={result}>
        {(data) =>
          data.items.length === 0 ? (
            <EmptyState icon={UsersRound} title={t('empty.title')} text={t('empty.text')}>
              {create}
            </EmptyState>
          ) : (
            <SimpleTable
              label={t('title')}
              stack
              rows={data.items.filter((s) => matchesHangul(s.name, find))}
              rowKey={(s) => s.id}
              onOpen={(s) => void navigate({ to: '/segments/$id', params: { id: String(s.id) } })}
              columns={[
                {
                  id: 'name',
                  header: t('name'),
                  width: 220,
                  cell: (s) => (
                    <Link
                      to="/segments/$id"
                      params={{ id: String(s.id) }}
                      onClick={(e) => e.stopPropagation()}
                      style={{ fontWeight: 550 }}
                    >
                      {s.name}
                    </Link>
                  ),
                },
                {
                  id: 'rules',
                  header: t('rules'),
                  cell: (s) => (
                    <span className="dim">{s.description || (catalogue ? describeRule(s.rules, catalogue) : '')}</span>
                  ),
                },
                {
                  id: 'count',
                  header: t('customers'),
                  align: 'end',
                  width: 110,
                  cell: (s) => <span className="num">{s.count === undefined ? '–' : number(s.count)}</span>,
                },
                { id: 'state', header: t('state.title'), width: 130, cell: (s) => <StateCell segment={s} /> },
                { id: 'at', header: t('changed'), width: 110, cell: (s) => <Ago at={s.updated_at} /> },
              ]}
            />
          )
        }
      </Query>
    </Page>
  );
}
