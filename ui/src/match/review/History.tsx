// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History as Clock, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, type Page } from '@/app/api';
import { useCan } from '@/app/session';
import { Ago, useFormat } from '@/shared/format';
import { EmptyState, ListFoot, Panel, SimpleTable, Status, tell, useList, type SimpleColumn } from '@/shared/page';
import { undoDecision, type Decision } from '../api';
import classes from './Review.module.css';

interface Person {
  id: number;
  name: string;
}

/** Who decided what and when; every decision can be taken back. */
export function History() {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const people = useQuery({
    queryKey: ['people', 'names'],
    queryFn: ({ signal }) => api.get<Page<Person>>('/api/people', { signal }),
    enabled: can('team:read'),
    retry: false,
  });
  const list = useList<Decision>({ queryKey: ['match', 'decisions'], path: '/api/match/decisions' });
  const undo = useMutation({
    mutationFn: undoDecision,
    onSuccess: () => tell(t('review.takenBack')),
    onSettled: () => queries.invalidateQueries({ queryKey: ['match'] }),
  });
  const nameOf = (id: number) => people.data?.items.find((person) => person.id === id)?.name ?? `#${id}`;
  const columns: SimpleColumn<Decision>[] = [
    {
      id: 'what',
      header: t('history.decision'),
      cell: (one) => (
        <Status tone={one.undone_at ? 'grey' : one.decision === 'same' ? 'teal' : 'red'}>
          {t(one.decision === 'same' ? 'review.same' : 'review.different')}
        </Status>
      ),
    },
    {
      id: 'who',
      header: t('history.customers'),
      cell: (one) => (
        <span className={classes.chips}>
          {[one.low_id, one.high_id].map((id) => (
            <Link key={id} to="/customers/$id" params={{ id: String(id) }} search={{}}>
              #{id}
            </Link>
          ))}
        </span>
      ),
    },
    {
      id: 'weight',
      header: t('pair.weight'),
      align: 'end',
      cell: (one) => <span className="num">{number(one.weight, 1)}</span>,
    },
    {
      id: 'via',
      header: t('history.via'),
      cell: (one) =>
        t(one.via === 'pattern' ? 'history.pattern' : one.via === 'unmerge' ? 'history.unmerge' : 'history.single'),
    },
    { id: 'by', header: t('history.by'), cell: (one) => nameOf(one.decided_by) },
    { id: 'at', header: t('history.at'), cell: (one) => <Ago at={one.decided_at} /> },
    {
      id: 'undo',
      header: '',
      cell: (one) =>
        one.undone_at ? (
          <span className="dim">{t('history.undone')}</span>
        ) : (
          can('match:decide') && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Undo2 size={13} />}
              loading={undo.isPending && undo.variables === one.id}
              onClick={() => undo.mutate(one.id)}
            >
              {t('review.undo')}
            </Button>
          )
        ),
    },
  ];
  if (!list.isPending && list.items.length === 0) {
    return <EmptyState icon={Clock} title={t('history.empty')} text={t('history.emptyText')} />;
  }
  return (
    <div className={classes.body} style={{ display: 'block' }}>
      <Panel title={t('review.history')} flush>
        <SimpleTable stack label={t('review.history')} rows={list.items} columns={columns} rowKey={(one) => one.id} />
      </Panel>
      <ListFoot list={list} />
    </div>
  );
}
