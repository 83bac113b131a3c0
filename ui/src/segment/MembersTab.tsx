// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleHelp, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, Loading, Panel, SimpleTable } from '@/shared/page';
import { membersPage, type Segment } from './api';
import { WhyPanel } from './WhyPanel';
import classes from './Segment.module.css';

/** Who is in a segment, and why: of any customer, member or not. */
export function MembersTab({ segment, catalogue }: { segment: Segment; catalogue: Catalogue }) {
  const { t } = useTranslation('segment');
  const { number, dateTime } = useFormat();
  const [asked, setAsked] = useState(0);
  const [typed, setTyped] = useState<number | string>('');
  const pages = useInfiniteQuery({
    queryKey: ['segment', segment.id, 'members', segment.version],
    queryFn: ({ pageParam, signal }) => membersPage(segment.id, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor || undefined,
  });
  if (pages.isError) return <ErrorState fault={pages.error} onRetry={() => void pages.refetch()} />;
  const loaded = pages.data?.pages ?? [];
  const [first] = loaded;
  if (!first) return <Loading />;
  const people = loaded.flatMap((page) => page.items);
  return (
    <div className={classes.members}>
      <Panel
        flush
        title={t('members.title', { count: first.total, shown: number(first.total) })}
        aside={t('members.asOf', { at: dateTime(first.as_of.at) })}
      >
        {people.length === 0 ? (
          <EmptyState icon={UsersRound} title={t('members.none')} text={t('members.noneText')} />
        ) : (
          <SimpleTable
            label={t('tab.members')}
            stack
            rows={people}
            rowKey={(person) => person.id}
            columns={[
              {
                id: 'name',
                header: t('members.name'),
                cell: (person) => (
                  <Link to="/customers/$id" params={{ id: String(person.id) }}>
                    {person.name || t('live.nameless', { id: person.id })}
                  </Link>
                ),
              },
              {
                id: 'detail',
                header: t('members.detail'),
                cell: (person) => <span className="dim">{person.detail}</span>,
              },
              {
                id: 'why',
                header: '',
                align: 'end',
                width: 120,
                cell: (person) => (
                  <Button
                    size="compact-sm"
                    variant={asked === person.id ? 'light' : 'subtle'}
                    leftSection={<CircleHelp size={13} />}
                    onClick={() => setAsked(person.id)}
                  >
                    {t('why.ask')}
                  </Button>
                ),
              },
            ]}
          />
        )}
        {pages.hasNextPage && (
          <Button
            variant="subtle"
            fullWidth
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            {t('members.more')}
          </Button>
        )}
      </Panel>
      <Panel title={t('why.title')}>
        <form
          className={classes.main}
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(Number(typed) || 0);
          }}
        >
          <NumberInput
            label={t('why.number')}
            description={t('why.numberHint')}
            value={typed}
            onChange={setTyped}
            min={1}
            hideControls
            rightSectionWidth={70}
            rightSection={
              <Button size="compact-sm" type="submit" variant="subtle" disabled={!typed}>
                {t('why.look')}
              </Button>
            }
          />
        </form>
        {asked > 0 && <WhyPanel key={asked} segment={segment} customer={asked} catalogue={catalogue} />}
      </Panel>
    </div>
  );
}
