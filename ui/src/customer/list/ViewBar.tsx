// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Checkbox, Menu, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useSession } from '@/app/session';
import { confirm, tell, ViewTabs } from '@/shared/page';
import { viewsQuery, type SavedView } from '../api';
import type { ListState } from './useListState';

const ALL = 'all';

function useViewChanges(state: ListState) {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const done = (message: string) => {
    tell(message);
    return queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
  };
  const { view } = state;
  const create = useMutation({
    mutationFn: (body: { name: string; is_shared: boolean }) =>
      api.post<SavedView>('/api/views', { body: { ...body, entity: 'customer', settings: state.settings } }),
    onSuccess: async (made) => {
      await done(t('view.saved'));
      state.openView(made.id);
    },
  });
  const update = useMutation({
    mutationFn: (body: Partial<SavedView>) =>
      api.patch<SavedView>('/api/views/{id}', {
        path: { id: view?.id ?? 0 },
        body: { ...body, version: view?.version },
      }),
    onSuccess: async () => {
      await done(t('view.saved'));
      state.openView(view?.id);
    },
  });
  const remove = useMutation({
    mutationFn: () => api.delete('/api/views/{id}', { path: { id: view?.id ?? 0 } }),
    onSuccess: async () => {
      state.openView(undefined);
      await done(t('view.deleted'));
    },
  });
  return { create, update, remove };
}

/** The saved views as tabs; a changed view offers to be saved. */
export function ViewBar({ state }: { state: ListState }) {
  const { t } = useTranslation('customer');
  const { person } = useSession();
  const { views, view, changed } = state;
  const { create, update, remove } = useViewChanges(state);
  const [naming, setNaming] = useState<'new' | 'rename'>();
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const own = view !== undefined && view.owner_id === person.id;
  const tabs = [
    { id: ALL, label: t('view.all'), changed: view === undefined && changed },
    ...views.map((v) => ({ id: String(v.id), label: v.name, changed: v.id === view?.id && changed })),
  ];
  const ask = (kind: 'new' | 'rename') => {
    setName(kind === 'rename' ? (view?.name ?? '') : '');
    setShared(view?.is_shared ?? false);
    setNaming(kind);
  };
  const askDelete = async () => {
    const sure = await confirm({
      title: t('view.deleteTitle', { name: view?.name }),
      action: t('view.delete'),
      danger: true,
    });
    if (sure) remove.mutate();
  };

  return (
    <ViewTabs
      label={t('view.label')}
      tabs={tabs}
      value={view ? String(view.id) : ALL}
      onChange={(id) => state.openView(id === ALL ? undefined : Number(id))}
    >
      {changed && own && (
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => update.mutate({ settings: state.settings })}
          loading={update.isPending}
        >
          {t('view.save')}
        </Button>
      )}
      {changed && (
        <Button size="compact-sm" variant="subtle" onClick={() => ask('new')}>
          {t('view.saveAs')}
        </Button>
      )}
      {own && (
        <Menu position="bottom-start">
          <Menu.Target>
            <ActionIcon size={26} aria-label={t('view.menu')}>
              <Ellipsis size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => ask('rename')}>{t('view.rename')}</Menu.Item>
            <Menu.Item color="red" onClick={() => void askDelete()}>
              {t('view.delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Modal
        opened={naming !== undefined}
        onClose={() => setNaming(undefined)}
        title={t(naming === 'rename' ? 'view.rename' : 'view.saveAs')}
      >
        <form
          style={{ display: 'grid', gap: 12 }}
          onSubmit={(event) => {
            event.preventDefault();
            const body = { name: name.trim(), is_shared: shared };
            if (naming === 'rename') update.mutate(body);
            else create.mutate(body);
            setNaming(undefined);
          }}
        >
          <TextInput
            label={t('view.name')}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            maxLength={60}
            required
            data-autofocus
          />
          <Checkbox label={t('view.share')} checked={shared} onChange={(e) => setShared(e.currentTarget.checked)} />
          <Button type="submit" disabled={!name.trim()} style={{ justifySelf: 'end' }}>
            {t('view.save')}
          </Button>
        </form>
      </Modal>
    </ViewTabs>
  );
}
