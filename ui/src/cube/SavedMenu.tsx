// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Bookmark, ChevronDown, Save, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { confirm, tell } from '@/shared/page';
import { NameDialog } from './NameDialog';
import type { SavedHead } from './saved';

interface SavedMenuProps<T extends SavedHead> {
  /** What the button says while nothing is open. */
  label: string;
  none: string;
  items: T[] | undefined;
  current: T | undefined;
  queryKey: readonly unknown[];
  /** The question before deleting. */
  deleting: (name: string) => string;
  onSave: (name: string, shared: boolean | undefined, current: T | undefined) => Promise<T>;
  onDelete: (id: number) => Promise<void>;
  onOpen: (item: T | undefined) => void;
}

/** The menu of saved documents: open one, save this one, save as new, delete. */
export function SavedMenu<T extends SavedHead>({
  label,
  none,
  items,
  current,
  queryKey,
  deleting,
  onSave,
  onDelete,
  onOpen,
}: SavedMenuProps<T>) {
  const { t } = useTranslation('cube');
  const cache = useQueryClient();
  const [naming, dialog] = useDisclosure(false);
  const save = useMutation({
    mutationFn: ({ name, shared, as }: { name: string; shared?: boolean; as?: T }) => onSave(name, shared, as),
    onSuccess: async (item) => {
      dialog.close();
      tell(t('saved'));
      await cache.invalidateQueries({ queryKey });
      onOpen(item);
    },
  });
  const remove = async (item: T) => {
    if (!(await confirm({ title: deleting(item.name), action: t('deleteDo'), danger: true }))) return;
    await onDelete(item.id).catch(tellFault);
    await cache.invalidateQueries({ queryKey });
    onOpen(undefined);
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="default" leftSection={<Bookmark size={14} />} rightSection={<ChevronDown size={13} />}>
            {current?.name ?? label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {items?.map((item) => (
            <Menu.Item key={item.id} onClick={() => onOpen(item)}>
              {item.name}
            </Menu.Item>
          ))}
          {items?.length === 0 && <Menu.Label>{none}</Menu.Label>}
          <Menu.Divider />
          {current && (
            <Menu.Item
              leftSection={<Save size={14} />}
              onClick={() => save.mutate({ name: current.name, shared: current.shared, as: current })}
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
        </Menu.Dropdown>
      </Menu>
      <NameDialog
        opened={naming}
        title={t('saveAs')}
        isSaving={save.isPending}
        onClose={dialog.close}
        onSave={(name, shared) => save.mutate({ name, shared })}
      />
    </>
  );
}
