// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Database, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { Ago, useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, SimpleTable, type SimpleColumn } from '@/shared/page';
import { sourcesQuery, type Source } from '../api';
import { SourceForm } from './SourceForm';
import { TrustMeter } from './TrustMeter';

function openForm(source?: Source) {
  const id = modals.open({
    title: translate(source ? 'intake:source.edit' : 'intake:source.new'),
    size: 520,
    children: <SourceForm source={source} onDone={() => modals.close(id)} />,
  });
}

/** Where records come from, how far each source is trusted, and the mappings remembered for it. */
export function SourcesPage() {
  const { t } = useTranslation('intake');
  const { number } = useFormat();
  const can = useCan();
  const result = useQuery(sourcesQuery);
  const mayEdit = can('customer:import');
  const columns: SimpleColumn<Source>[] = [
    {
      id: 'label',
      header: t('source.label'),
      cell: (source) => (
        <span style={{ display: 'grid' }}>
          <strong style={{ fontWeight: 550 }}>{source.label}</strong>
          <small className="dim">{source.name}</small>
        </span>
      ),
    },
    { id: 'department', header: t('source.department'), cell: (source) => source.department || '–' },
    { id: 'trust', header: t('source.trust'), width: 180, cell: (source) => <TrustMeter trust={source.trust} /> },
    {
      id: 'batches',
      header: t('source.batches'),
      align: 'end',
      cell: (source) => (source.batch_count === undefined ? '' : number(source.batch_count)),
    },
    {
      id: 'mappings',
      header: t('source.mappings'),
      align: 'end',
      cell: (source) => (source.mappings ? number(source.mappings.length) : ''),
    },
    {
      id: 'last',
      header: t('source.last'),
      cell: (source) => (source.last_batch_at ? <Ago at={source.last_batch_at} /> : '–'),
    },
  ];
  return (
    <Page
      title={t('source.title')}
      actions={
        mayEdit && (
          <Button leftSection={<Plus size={14} />} onClick={() => openForm()}>
            {t('source.new')}
          </Button>
        )
      }
    >
      <p className="dim" style={{ margin: 0, maxWidth: 760 }}>
        {t('source.what')}
      </p>
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Database} title={t('source.none')} text={t('source.noneText')}>
              <Button renderRoot={(props) => <Link to="/import" {...props} />}>{t('title')}</Button>
            </EmptyState>
          ) : (
            <Panel flush>
              <SimpleTable
                stack
                label={t('source.title')}
                rows={items}
                columns={columns}
                rowKey={(source) => source.id}
                onOpen={mayEdit ? openForm : undefined}
              />
            </Panel>
          )
        }
      </Query>
    </Page>
  );
}
