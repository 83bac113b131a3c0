// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileDown, FolderOpen } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '@/app/live';
import { useCan } from '@/app/session';
import { useShortcuts } from '@/app/shortcuts';
import { useCommands } from '@/app/shell/palette';
import { ErrorState, ListFoot, Loading, Page, Panel, useList } from '@/shared/page';
import { isActive, type Batch } from '../api';
import { takeNews, type BatchNews } from '../news';
import { send } from '../uploads';
import { BatchTable } from './BatchTable';
import { DropArea } from './DropArea';
import { sampleKinds, saveSample } from './samples';
import { UploadList } from './UploadList';
import classes from './Start.module.css';

function HowItWorks() {
  const { t } = useTranslation('intake');
  return (
    <Panel title={t('how.title')}>
      <ol className={classes.how}>
        {(['file', 'map', 'dry', 'run'] as const).map((step) => (
          <li key={step}>
            <strong>{t(`how.${step}`)}</strong>
            <span>{t(`how.${step}Text`)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function SampleMenu() {
  const { t } = useTranslation('intake');
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" leftSection={<FileDown size={14} />}>
          {t('sample.title')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {sampleKinds.map((kind) => (
          <Menu.Item key={kind} onClick={() => saveSample(kind, `${t(`kind.${kind}`)}_${t('sample.name')}`)}>
            {t(`kind.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Collect: drop files, see what is running, what was loaded before. */
export function ImportPage() {
  const { t } = useTranslation('intake');
  const can = useCan();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const open = useRef<() => void>(null);
  const mayImport = can('customer:import');
  const list = useList<Batch>({ queryKey: ['batches', 'list'], path: '/api/batches', limit: 30 });
  useLive<BatchNews>(list.items.some((batch) => isActive(batch.state)) ? 'batch:*' : undefined, (news) =>
    takeNews(queries, news),
  );
  const choose = { keys: 'c', run: () => open.current?.() };
  useShortcuts(t('title'), mayImport ? [{ ...choose, label: t('drop.choose') }] : []);
  useCommands(mayImport ? [{ ...choose, id: 'intake.choose', label: 'intake:drop.choose', icon: FolderOpen }] : []);

  const take = async (files: File[]) => {
    const ids = await Promise.all(files.map(send));
    const only = files.length === 1 ? ids[0] : undefined;
    if (only) void navigate({ to: '/import/files/$id', params: { id: String(only) } });
  };

  return (
    <Page
      title={t('title')}
      actions={
        <>
          <SampleMenu />
          {mayImport && (
            <Button leftSection={<FolderOpen size={14} />} onClick={() => open.current?.()}>
              {t('drop.choose')}
            </Button>
          )}
        </>
      }
    >
      {mayImport && <DropArea onFiles={(files) => void take(files)} openRef={open} />}
      <UploadList />
      {list.isPending ? (
        <Loading />
      ) : list.fault && list.items.length === 0 ? (
        <ErrorState fault={list.fault} onRetry={list.retry} />
      ) : list.items.length === 0 ? (
        <HowItWorks />
      ) : (
        <Panel title={t('batch.list')} flush>
          <BatchTable batches={list.items} />
          <ListFoot list={list} />
        </Panel>
      )}
    </Page>
  );
}
