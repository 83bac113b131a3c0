// SPDX-License-Identifier: Apache-2.0
import { Modal } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { actorName, useFormat } from '@/shared/format';
import { EmptyState, ErrorState, Facts, Loading, MoreButton, Panel, SimpleTable } from '@/shared/page';
import { translate } from '../i18n';
import { journalQuery, kindKey, type JournalEntry, type LogFilter } from './api';
import { Subjects } from './Subjects';
import classes from './Journal.module.css';

/** Changes of business data, newest first; a row opens before and after. */
export function JournalList({ filter }: { filter: LogFilter }) {
  const { t } = useTranslation('app');
  const { dateTime, number } = useFormat();
  const result = useInfiniteQuery(journalQuery(filter));
  const [opened, setOpened] = useState<JournalEntry>();
  const entries = result.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel flush>
      {result.isPending && <Loading />}
      {result.isError && <ErrorState fault={result.error} onRetry={() => void result.refetch()} />}
      {result.isSuccess && entries.length === 0 && (
        <EmptyState icon={History} title={t('journal.none')} text={t('journal.noneText')} />
      )}
      {entries.length > 0 && (
        <SimpleTable
          stack
          label={t('journal.changes')}
          rows={entries}
          rowKey={(entry) => entry.id}
          onOpen={setOpened}
          columns={[
            {
              id: 'at',
              header: t('journal.at'),
              width: 150,
              cell: (entry) => <span className="num">{dateTime(entry.at)}</span>,
            },
            {
              id: 'actor',
              header: t('journal.person'),
              cell: (entry) => actorName(entry.actor) || <span className="dim">{t('jobs.product')}</span>,
            },
            {
              id: 'kind',
              header: t('journal.what'),
              cell: (entry) => (
                <strong style={{ fontWeight: 550 }}>
                  {translate(`app:journal.kind.${kindKey(entry.kind)}`, entry.kind)}
                </strong>
              ),
            },
            {
              id: 'subject',
              header: t('journal.subject'),
              cell: (entry) => <Subjects kind={entry.subject_kind} ids={entry.subject_ids ?? []} count={entry.rows} />,
            },
            {
              id: 'rows',
              header: t('journal.rows'),
              align: 'end',
              cell: (entry) => (entry.rows > 0 ? number(entry.rows) : ''),
            },
            {
              id: 'seq',
              header: t('journal.seq'),
              align: 'end',
              cell: (entry) => (
                <span className="dim">{entry.seq > 0 ? number(entry.seq) : t('journal.unnumbered')}</span>
              ),
            },
          ]}
        />
      )}
      <MoreButton result={result} />
      {opened && <EntryDialog entry={opened} onClose={() => setOpened(undefined)} />}
    </Panel>
  );
}

function EntryDialog({ entry, onClose }: { entry: JournalEntry; onClose: () => void }) {
  const { t } = useTranslation('app');
  const { dateTime } = useFormat();
  const parts = [
    { label: t('journal.before'), value: entry.before },
    { label: t('journal.after'), value: entry.after },
  ];
  const hidden = entry.before === undefined && entry.after === undefined;
  return (
    <Modal opened onClose={onClose} title={translate(`app:journal.kind.${kindKey(entry.kind)}`, entry.kind)} size={720}>
      <div style={{ display: 'grid', gap: 14 }}>
        <Facts
          facts={[
            { label: t('journal.at'), value: dateTime(entry.at) },
            { label: t('journal.person'), value: actorName(entry.actor) || t('jobs.product') },
            {
              label: t('journal.subject'),
              value: <Subjects kind={entry.subject_kind} ids={entry.subject_ids ?? []} count={entry.rows} />,
            },
            { label: t('journal.kindId'), value: <code>{entry.kind}</code> },
          ]}
        />
        {hidden ? (
          <p className="dim" style={{ margin: 0 }}>
            {t('journal.hidden')}
          </p>
        ) : (
          <div className={classes.sides}>
            {parts.map(({ label, value }) => (
              <section key={label}>
                <h3>{label}</h3>
                <pre>{value === undefined ? '–' : JSON.stringify(value, null, 2)}</pre>
              </section>
            ))}
          </div>
        )}
      </div>
    </Modal>
  );
}
