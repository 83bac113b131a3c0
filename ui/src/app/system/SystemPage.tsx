// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { DatabaseBackup, RefreshCcw, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Ago, useFormat } from '@/shared/format';
import { confirm, Facts, Page, Panel, Query, SimpleTable, Stat, Status, tell } from '@/shared/page';
import { api, download } from '../api';
import { tellFault } from '../faults';
import { translate } from '../i18n';
import { useCan } from '../session';
import { systemQuery, type SystemStatus } from './api';
import classes from './SystemPage.module.css';

/** The state of the installation: sizes, versions, how fresh the analysis data is, and its upkeep. */
export function SystemPage() {
  const { t } = useTranslation('app');
  const can = useCan();
  const queries = useQueryClient();
  const result = useQuery(systemQuery);
  const order = useMutation({
    mutationFn: (what: 'rebuild' | 'check') =>
      what === 'rebuild' ? api.post('/api/system/rebuild') : api.post('/api/system/check'),
    onSuccess: () => {
      tell(t('system.ordered'));
      return queries.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const rebuild = async () => {
    if (await confirm({ title: t('system.rebuildTitle'), text: t('system.rebuildText'), action: t('system.rebuild') }))
      order.mutate('rebuild');
  };
  const backup = async () => {
    if (!(await confirm({ title: t('system.backupTitle'), text: t('system.backupText'), action: t('system.backup') })))
      return;
    await download('/api/system/backup', { method: 'POST', name: 'dangol-backup.tar.zst' }).catch(tellFault);
  };
  return (
    <Page
      title={t('system.title')}
      width={1080}
      actions={
        <>
          {can('system:backup') && (
            <Button variant="default" leftSection={<DatabaseBackup size={15} />} onClick={() => void backup()}>
              {t('system.backup')}
            </Button>
          )}
          {can('system:admin') && (
            <>
              <Button variant="default" leftSection={<ShieldCheck size={15} />} onClick={() => order.mutate('check')}>
                {t('system.check')}
              </Button>
              <Button variant="default" leftSection={<RefreshCcw size={15} />} onClick={() => void rebuild()}>
                {t('system.rebuild')}
              </Button>
            </>
          )}
        </>
      }
    >
      <Query result={result}>{(status) => <SystemBody status={status} />}</Query>
    </Page>
  );
}

function SystemBody({ status }: { status: SystemStatus }) {
  const { t } = useTranslation('app');
  const { bytes, number, dateTime } = useFormat();
  const behind = Math.max(0, status.journal_head - status.feed_position);
  const { warehouse, versions, image } = status;
  return (
    <>
      <Panel>
        <div className={classes.stats}>
          <Stat
            label={t('system.data')}
            value={bytes(status.data_bytes)}
            note={t('system.database', { size: bytes(status.database_bytes) })}
          />
          <Stat
            label={t('system.memory')}
            value={bytes(status.memory_bytes)}
            note={
              <>
                {t('system.running')} <Ago at={status.started_at} />
              </>
            }
          />
          <Stat label={t('system.journal')} value={number(status.journal_head)} note={t('system.entries')} />
          <Stat
            label={t('system.freshness')}
            value={behind === 0 ? t('system.fresh') : t('system.behind', { count: behind, shown: number(behind) })}
            note={warehouse.position.at ? t('system.asOf', { at: dateTime(warehouse.position.at) }) : undefined}
            tone={behind === 0 ? 'good' : 'warn'}
          />
        </div>
      </Panel>
      <Panel
        title={t('system.warehouse')}
        aside={bytes(warehouse.bytes)}
        actions={
          <Status tone={warehouse.ready && !warehouse.stale ? 'teal' : 'amber'}>
            {warehouse.ready ? (warehouse.stale ? t('system.stale') : t('system.ready')) : t('system.notReady')}
          </Status>
        }
        flush
      >
        <SimpleTable
          label={t('system.warehouse')}
          rows={warehouse.tables ?? []}
          rowKey={(table) => table.name}
          columns={[
            {
              id: 'label',
              header: t('system.table'),
              cell: (table) => translate(`app:system.tables.${table.name}`, table.name),
            },
            { id: 'name', header: t('system.tableName'), cell: (table) => <code>{table.name}</code> },
            { id: 'rows', header: t('system.rows'), align: 'end', cell: (table) => number(table.rows) },
          ]}
        />
      </Panel>
      <Panel
        title={t('system.image')}
        aside={bytes(image.bytes)}
        actions={
          <Status tone={image.state === 'ready' ? 'teal' : image.state === 'damaged' ? 'red' : 'amber'}>
            {t(`system.imageState.${image.state}`)}
          </Status>
        }
      >
        <Facts
          labelWidth={160}
          facts={[
            { label: t('system.imageCustomers'), value: number(image.subjects) },
            { label: t('system.imageRows'), value: number(image.rows) },
            { label: t('system.imageDelta'), value: number(image.delta) },
            { label: t('system.imageDamaged'), value: number(image.damaged) },
          ]}
        />
      </Panel>
      {status.clickhouse && <ClickHousePanel mirror={status.clickhouse} />}
      <Panel title={t('system.versions')}>
        <Facts
          labelWidth={160}
          facts={[
            { label: 'Dangol', value: versions.dangol },
            {
              label: t('system.engine'),
              value: status.engine === 'sqlite' ? `SQLite ${versions.sqlite}` : 'PostgreSQL',
            },
            { label: t('system.analytics'), value: `DuckDB ${versions.duckdb}` },
            { label: 'Go', value: versions.go },
            {
              label: t('system.mail'),
              value: (
                <Status tone={status.can_send_mail ? 'teal' : 'grey'}>
                  {t(status.can_send_mail ? 'system.mailOn' : 'system.mailOff')}
                </Status>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}

/** The ClickHouse server or cluster that mirrors the analysis data. */
function ClickHousePanel({ mirror }: { mirror: NonNullable<SystemStatus['clickhouse']> }) {
  const { t } = useTranslation('app');
  const { number } = useFormat();
  const tones = { level: 'teal', loading: 'amber', lost: 'red' } as const;
  return (
    <Panel
      title={t('system.clickhouse')}
      actions={<Status tone={tones[mirror.state]}>{t(`system.clickhouseState.${mirror.state}`)}</Status>}
    >
      <Facts
        labelWidth={160}
        facts={[
          { label: t('system.clickhouseAddress'), value: <code>{mirror.address}</code> },
          ...(mirror.version ? [{ label: t('system.clickhouseVersion'), value: mirror.version }] : []),
          { label: t('system.clickhouseShards'), value: number(mirror.shards) },
          { label: t('system.clickhouseRows'), value: number(mirror.rows) },
          { label: t('system.clickhouseSeq'), value: number(mirror.seq) },
          ...(mirror.error ? [{ label: t('system.clickhouseError'), value: mirror.error }] : []),
        ]}
      />
    </Panel>
  );
}
