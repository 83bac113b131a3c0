// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardContent, Tile } from './api';
import type { TileActions } from './BoardTile';

/** What can be done with the tiles of a board; saving is another step. */
export function useTileActions(board: BoardContent, change: (content: Partial<BoardContent>) => void) {
  const { t } = useTranslation('cube');
  const put = (i: number, tile: Tile) => change({ tiles: board.tiles.map((old, k) => (k === i ? tile : old)) });
  return (i: number): TileActions => ({
    move: (by) => {
      const tiles = [...board.tiles];
      const [tile] = tiles.splice(i, 1);
      if (tile) tiles.splice(Math.max(0, Math.min(tiles.length, i + by)), 0, tile);
      change({ tiles });
    },
    drop: (id) => {
      const from = board.tiles.findIndex((tile) => tile.id === id);
      if (from < 0 || from === i) return;
      const tiles = [...board.tiles];
      const [tile] = tiles.splice(from, 1);
      if (tile) tiles.splice(i, 0, tile);
      change({ tiles });
    },
    resize: (w, h) => board.tiles[i] && put(i, { ...board.tiles[i], w, h }),
    remove: () => change({ tiles: board.tiles.filter((_, k) => k !== i) }),
    target: () => {
      const tile = board.tiles[i];
      if (!tile) return;
      const id = modals.open({
        title: t('board.targetOf', { name: tile.title }),
        children: (
          <TargetForm
            value={tile.target}
            onDone={(target) => {
              put(i, { ...tile, target });
              modals.close(id);
            }}
          />
        ),
      });
    },
  });
}

function TargetForm({ value, onDone }: { value: number | undefined; onDone: (target: number | undefined) => void }) {
  const { t } = useTranslation('cube');
  const [target, setTarget] = useState<number | string>(value ?? '');
  return (
    <form
      style={{ display: 'grid', gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        onDone(typeof target === 'number' ? target : undefined);
      }}
    >
      <NumberInput
        label={t('board.targetLabel')}
        description={t('board.targetHint')}
        value={target}
        onChange={setTarget}
        thousandSeparator=","
        data-autofocus
      />
      <Button type="submit">{t('board.apply')}</Button>
    </form>
  );
}
