// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Menu, Modal, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, ChevronDown, Save, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { confirm, tell } from '@/shared/page';
import { deletePivot, pivotsQuery, savePivot, type CubeQuery, type PivotSettings, type SavedPivot } from './api';

interface SavedPivotsProps {
  query: CubeQuery;
  settings: PivotSettings;
  saved: number | undefined;
  onOpen: (pivot: SavedPivot | undefined) => void;
}

/** Saved pivots: open one, save this one, save as new, delete. */
export function SavedPivots({ query, settings, saved, onOpen }: SavedPivotsProps) {
  const { t } = useTranslation('cube');
  const can = useCan();
  const cache = useQueryClient();
  const { data } = useQuery(pivotsQuery);
  const [naming, dialog] = useDisclosure(false);
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const current = data?.items.find((p) => p.id === saved);
  const save = useMutation({
    mutationFn: savePivot,
    onSuccess: async (pivot) => {
      dialog.close();
      tell(t('saved'));
      await cache.invalidateQueries({ queryKey: pivotsQuery.queryKey });
      onOpen(pivot);
    },
  });
  const remove = async (pivot: SavedPivot) => {
    if (!(await confirm({ title: t('delete', { name: pivot.name }), action: t('deleteDo'), danger: true }))) return;
    await deletePivot(pivot.id);
    await cache.invalidateQueries({ queryKey: pivotsQuery.queryKey });
    onOpen(undefined);
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={14} />} rightSection={<ChevronDown size={13} />}>
            {current?.name ?? t('savedPivots')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {data?.items.map((pivot) => (
            <Menu.Item key={pivot.id} onClick={() => onOpen(pivot)}>
              {pivot.name}
            </Menu.Item>
          ))}
          {data?.items.length === 0 && <Menu.Label>{t('noneSaved')}</Menu.Label>}
          {can('cube:read') && (
            <>
              <Menu.Divider />
              {current && (
                <Menu.Item
                  leftSection={<Save size={14} />}
                  onClick={() =>
                    save.mutate({
                      id: current.id,
                      name: current.name,
                      version: current.version,
                      query,
                      settings,
                    })
                  }
                >
                  {t('save')}
                </Menu.Item>
              )}
              <Menu.Item leftSection={<Save size={14} />} onClick={dialog.open}>
                {t('saveAs')}
              </Menu.Item>
              {current && (
                <Menu.Item color="red" leftSection={<Trash2 size={14} />} onClick={() => void remove(current)}>
                  {t('deleteDo')}
                </Menu.Item>
              )}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={naming} onClose={dialog.close} title={t('saveAs')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) save.mutate({ name: name.trim(), query, settings, shared });
          }}
          style={{ display: 'grid', gap: 12 }}
        >
          <TextInput
            label={t('name')}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            data-autofocus
            required
            maxLength={100}
          />
          <Checkbox label={t('share')} checked={shared} onChange={(e) => setShared(e.currentTarget.checked)} />
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {t('save')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
