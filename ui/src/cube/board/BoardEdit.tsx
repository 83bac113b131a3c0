// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BellRing, ChevronDown, LayoutDashboard, Plus, Save, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { confirm, tell } from '@/shared/page';
import { pivotsQuery, type SavedPivot } from '../api';
import { NameDialog } from '../NameDialog';
import { newSubscription, SubscribeDialog } from '../subscription/SubscribeDialog';
import { boardsQuery, deleteBoard, saveBoard, type Board, type BoardContent, type Tile } from './api';

interface BoardEditProps {
  board: BoardContent;
  saved: Board | undefined;
  isChanged: boolean;
  onOpen: (board: Board | undefined) => void;
}

/** A saved pivot as a tile. */
function tileOf(pivot: SavedPivot, isNumber: boolean): Tile {
  return {
    id: `p${pivot.id}-${Date.now().toString(36)}`,
    title: pivot.name,
    w: isNumber ? 3 : 6,
    h: isNumber ? 1 : 3,
    shape: isNumber ? 'number' : (pivot.settings?.shape ?? 'table'),
    query: isNumber
      ? { measures: pivot.query.measures.slice(0, 1), filters: pivot.query.filters }
      : { ...pivot.query, period: undefined, compare: undefined },
  };
}

/** Saving, adding to and deleting a board; the executives' board is saved as a copy of one's own. */
export function BoardEdit({ board, saved, isChanged, onOpen }: BoardEditProps) {
  const { t } = useTranslation('cube');
  const cache = useQueryClient();
  const pivots = useQuery(pivotsQuery);
  const [naming, dialog] = useDisclosure(false);
  const [subscribing, subscription] = useDisclosure(false);
  const save = useMutation({
    mutationFn: saveBoard,
    onSuccess: async (next) => {
      dialog.close();
      tell(t('saved'));
      await cache.invalidateQueries({ queryKey: boardsQuery.queryKey });
      onOpen(next);
    },
  });
  const content = board;
  const add = (pivot: SavedPivot, isNumber: boolean) => {
    const tiles = [...content.tiles, tileOf(pivot, isNumber)];
    if (saved) save.mutate({ ...saved, content: { ...content, tiles } });
    else save.mutate({ name: t('board.copyOf'), content: { ...content, tiles } });
  };
  const remove = async () => {
    if (
      !saved ||
      !(await confirm({ title: t('board.delete', { name: saved.name }), action: t('deleteDo'), danger: true }))
    )
      return;
    await deleteBoard(saved.id).catch(tellFault);
    await cache.invalidateQueries({ queryKey: boardsQuery.queryKey });
    onOpen(undefined);
  };
  return (
    <>
      {saved && isChanged && (
        <Button
          leftSection={<Save size={14} />}
          loading={save.isPending}
          onClick={() => save.mutate({ ...saved, content })}
        >
          {t('save')}
        </Button>
      )}
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<LayoutDashboard size={14} />}
            rightSection={<ChevronDown size={13} />}
          >
            {t('board.edit')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Save size={14} />} onClick={dialog.open}>
            {t('board.saveAs')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('board.add')}</Menu.Label>
          {pivots.data?.items.slice(0, 12).map((pivot) => (
            <Menu.Item
              key={pivot.id}
              leftSection={<Plus size={14} />}
              onClick={() => add(pivot, (pivot.query.dimensions?.length ?? 0) === 0)}
            >
              {pivot.name}
            </Menu.Item>
          ))}
          {pivots.data?.items.length === 0 && <Menu.Label>{t('board.noPivots')}</Menu.Label>}
          {saved && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<BellRing size={14} />} onClick={subscription.open}>
                {t('subscription.subscribe')}
              </Menu.Item>
              <Menu.Item color="red" leftSection={<Trash2 size={14} />} onClick={() => void remove()}>
                {t('deleteDo')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {subscribing && saved && (
        <SubscribeDialog draft={newSubscription({ board_id: saved.id })} onClose={subscription.close} />
      )}
      <NameDialog
        opened={naming}
        title={t('board.saveAs')}
        isSaving={save.isPending}
        onClose={dialog.close}
        onSave={(name, shared) => save.mutate({ name, shared, content })}
      />
    </>
  );
}
