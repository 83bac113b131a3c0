// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus, Route } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Ago, useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable, Status, type SimpleColumn } from '@/shared/page';
import { createJourney, journeysQuery, type Journey } from './api';
import { stateTones, useWords } from './words';

/** All journeys: what lets people in, how many are on the way, how many reached the goal. */
export function JourneysPage() {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const words = useWords();
  const result = useQuery(journeysQuery);
  const open = (id: number) => void navigate({ to: '/journeys/$id', params: { id: String(id) } });
  const create = useMutation({
    mutationFn: () => createJourney(t('journey.newName')),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['journeys'], exact: true });
      open(made.id);
    },
  });
  const button = can('campaign:create') && (
    <Button leftSection={<Plus size={14} />} loading={create.isPending} onClick={() => create.mutate()}>
      {t('journey.new')}
    </Button>
  );
  const count = (id: 'entered' | 'active' | 'goal'): SimpleColumn<Journey> => ({
    id,
    header: t(`journey.numbers.${id}`),
    align: 'end',
    cell: (journey) => <span className="num">{number(journey.counts[id])}</span>,
  });
  const columns: SimpleColumn<Journey>[] = [
    {
      id: 'name',
      header: t('journey.name'),
      cell: (journey) => (
        <span>
          <strong>{journey.name}</strong>
          <br />
          <small className="dim">{words.entry(journey.graph.entry)}</small>
        </span>
      ),
    },
    {
      id: 'state',
      header: t('stateLabel'),
      cell: (journey) => <Status tone={stateTones[journey.state]}>{t(`journey.state.${journey.state}`)}</Status>,
    },
    count('entered'),
    count('active'),
    count('goal'),
    { id: 'at', header: t('when'), cell: (journey) => <Ago at={journey.updated_at} /> },
  ];
  return (
    <Page title={t('journey.title')} actions={button}>
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Route} title={t('journey.empty')} text={t('journey.emptyText')}>
              {button}
            </EmptyState>
          ) : (
            <Panel flush>
              <SimpleTable
                stack
                label={t('journey.title')}
                rows={items}
                columns={columns}
                rowKey={(one) => one.id}
                onOpen={(one) => open(one.id)}
              />
            </Panel>
          )
        }
      </Query>
    </Page>
  );
}
