// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable, Status, tell } from '@/shared/page';
import { draftsKey } from './GoldenRulesPage';

/** The changes of the rules so far; an applied one can be taken back. */
export function Drafts({ shown, onShow }: { shown?: number; onShow: (id: number) => void }) {
  const { t } = useTranslation('customer');
  const { dateTime, number } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const result = useQuery({
    queryKey: draftsKey,
    queryFn: ({ signal }) => api.get('/api/golden-rules/drafts', { signal }),
  });
  const undo = useMutation({
    mutationFn: (id: number) => api.post('/api/golden-rules/drafts/{id}/undo', { path: { id } }),
    onSuccess: (draft) => {
      tell(t('golden.undoing'));
      onShow(draft.id);
      return queries.invalidateQueries({ queryKey: ['golden-rules'] });
    },
  });
  return (
    <Query result={result} lines={2}>
      {({ items }) =>
        items.length === 0 ? null : (
          <Panel title={t('golden.history')} flush>
            <SimpleTable
              label={t('golden.history')}
              rows={items}
              rowKey={(draft) => draft.id}
              onOpen={(draft) => onShow(draft.id)}
              stack
              columns={[
                { id: 'at', header: t('golden.at'), cell: (draft) => dateTime(draft.created_at) },
                {
                  id: 'state',
                  header: t('golden.stateLabel'),
                  cell: (draft) => (
                    <Status tone={draft.state === 'applied' ? 'teal' : draft.id === shown ? 'accent' : 'grey'}>
                      {t(`golden.state.${draft.state}`)}
                    </Status>
                  ),
                },
                {
                  id: 'changed',
                  header: t('golden.changedCustomers'),
                  align: 'end',
                  cell: (draft) => (draft.result ? number(draft.result.changed) : '–'),
                },
                {
                  id: 'undo',
                  header: '',
                  align: 'end',
                  cell: (draft) =>
                    draft.state === 'applied' &&
                    can('match:admin') && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        loading={undo.isPending}
                        onClick={(event) => {
                          event.stopPropagation();
                          undo.mutate(draft.id);
                        }}
                      >
                        {t('golden.undo')}
                      </Button>
                    ),
                },
              ]}
            />
          </Panel>
        )
      }
    </Query>
  );
}
