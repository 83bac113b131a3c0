// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { actorName, useFormat } from '@/shared/format';
import { EmptyState, ErrorState, Loading, MoreButton, Panel, SimpleTable } from '@/shared/page';
import { translate } from '../i18n';
import { accessQuery, kindKey, type LogFilter } from './api';
import { Subjects } from './Subjects';

interface AccessListProps {
  filter: LogFilter;
  /** Shows everybody's again, when only one customer's is shown. */
  onAll?: () => void;
}

/** Who saw whose personal data, when, from where and for what purpose. */
export function AccessList({ filter, onAll }: AccessListProps) {
  const { t } = useTranslation('app');
  const { dateTime, number } = useFormat();
  const result = useInfiniteQuery(accessQuery(filter));
  const rows = result.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title={onAll ? t('journal.accessOf', { id: filter.subjectId }) : undefined}
      actions={
        onAll && (
          <Button size="compact-sm" variant="subtle" onClick={onAll}>
            {t('journal.showAll')}
          </Button>
        )
      }
      flush
    >
      {result.isPending && <Loading />}
      {result.isError && <ErrorState fault={result.error} onRetry={() => void result.refetch()} />}
      {result.isSuccess && rows.length === 0 && (
        <EmptyState icon={ShieldCheck} title={t('journal.noAccess')} text={t('journal.noAccessText')} />
      )}
      {rows.length > 0 && (
        <SimpleTable
          stack
          label={t('journal.access')}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              id: 'at',
              header: t('journal.at'),
              width: 150,
              cell: (row) => <span className="num">{dateTime(row.at)}</span>,
            },
            { id: 'actor', header: t('journal.person'), cell: (row) => actorName(row.actor) },
            {
              id: 'address',
              header: t('journal.address'),
              cell: (row) => <span className="num dim">{row.address}</span>,
            },
            {
              id: 'work',
              header: t('journal.what'),
              cell: (row) => translate(`app:journal.work.${kindKey(row.work)}`, row.work),
            },
            {
              id: 'purpose',
              header: t('journal.purpose'),
              cell: (row) => row.purpose || <span className="dim">–</span>,
            },
            {
              id: 'subject',
              header: t('journal.subject'),
              cell: (row) => <Subjects kind={row.subject_kind} ids={row.subject_ids ?? []} count={row.count} />,
            },
            { id: 'count', header: t('journal.count'), align: 'end', cell: (row) => number(row.count) },
          ]}
        />
      )}
      <MoreButton result={result} />
    </Panel>
  );
}
