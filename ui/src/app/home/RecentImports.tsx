// SPDX-License-Identifier: Apache-2.0
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Ago, useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable, Status, type Tone } from '@/shared/page';
import { translate } from '../i18n';
import { useLive } from '../live';
import { batchesQuery } from './api';

const tones: Record<string, Tone> = {
  done: 'teal',
  running: 'accent',
  trying: 'accent',
  failed: 'red',
  cancelled: 'grey',
  undone: 'grey',
};

/** The last imports with what became of their rows. */
export function RecentImports() {
  const { t } = useTranslation('app');
  const { number } = useFormat();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const result = useQuery(batchesQuery);
  useLive('batch:*', () => void queries.invalidateQueries({ queryKey: batchesQuery.queryKey }));
  return (
    <Panel title={t('home.recent')} actions={<Link to="/import">{t('home.allImports')}</Link>} flush>
      <Query result={result} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Inbox} title={t('home.noImport')} />
          ) : (
            <SimpleTable
              stack
              label={t('home.recent')}
              rows={items.slice(0, 5)}
              rowKey={(batch) => batch.id}
              onOpen={(batch) => void navigate({ to: '/import/batches/$id', params: { id: String(batch.id) } })}
              columns={[
                {
                  id: 'file',
                  header: t('home.file'),
                  cell: (batch) => (
                    <strong style={{ fontWeight: 550 }}>{batch.file_name || batch.source_label || batch.source}</strong>
                  ),
                },
                {
                  id: 'kind',
                  header: t('home.kind'),
                  cell: (batch) => translate(`intake:kind.${batch.kind}`, batch.kind),
                },
                {
                  id: 'state',
                  header: t('jobs.state'),
                  cell: (batch) => (
                    <Status tone={tones[batch.state] ?? 'grey'}>
                      {translate(`intake:state.${batch.state}`, batch.state)}
                    </Status>
                  ),
                },
                { id: 'rows', header: t('journal.rows'), align: 'end', cell: (batch) => number(batch.total) },
                {
                  id: 'rejected',
                  header: t('home.rejected'),
                  align: 'end',
                  cell: (batch) => (batch.counts.rejected > 0 ? number(batch.counts.rejected) : ''),
                },
                {
                  id: 'at',
                  header: t('jobs.at'),
                  align: 'end',
                  cell: (batch) => {
                    const at = batch.finished_at ?? batch.created_at;
                    return at ? <Ago at={at} /> : '';
                  },
                },
              ]}
            />
          )
        }
      </Query>
    </Panel>
  );
}
