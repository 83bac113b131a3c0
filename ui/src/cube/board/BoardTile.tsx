// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Lightbulb } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading } from '@/shared/page';
import { faultText } from '@/app/faults';
import { cubeQuery, type CubeMeta, type Shape } from '../api';
import { askedQuery } from '../askedQuery';
import { fitting } from '../chartOptions';
import { matrixOf } from '../matrix';
import { PivotChart } from '../PivotChart';
import { PivotTable, type ChosenCell } from '../PivotTable';
import type { BoardContent, Tile } from './api';
import { fitted } from './fit';
import { NumberTile } from './NumberTile';
import { useTileDrag } from './useTileDrag';
import classes from './Board.module.css';

/** What can be done with a tile of one's own board. */
export interface TileActions {
  move: (by: number) => void;
  /** Puts the tile with an id in the place of this one. */
  drop: (id: string) => void;
  resize: (w: number, h: number) => void;
  target: () => void;
  remove: () => void;
}

interface BoardTileProps {
  tile: Tile;
  board: BoardContent;
  meta: CubeMeta | undefined;
  refresh: number | false;
  actions?: TileActions;
  onWhy: (tile: Tile) => void;
  onCell: (tile: Tile, cell: ChosenCell) => void;
}

const ROW = 96;

/** One tile of a board. */
export function BoardTile({ tile, board, meta, refresh, actions, onWhy, onCell }: BoardTileProps) {
  const { t } = useTranslation('cube');
  const navigate = useNavigate();
  const { query } = fitted(tile, board, meta);
  const drag = useTileDrag(tile, actions, ROW);
  return (
    <section
      ref={drag.section}
      className={classes.tile}
      data-over={drag.isOver || undefined}
      {...drag.target}
      style={{ gridColumn: `span ${tile.w}`, minHeight: tile.h * ROW }}
      aria-label={tile.title}
      data-number={tile.shape === 'number' || undefined}
    >
      <header {...drag.head}>
        <h2>{tile.title}</h2>
        {tile.shape === 'number' && (
          <Tooltip label={t('why.ask')}>
            <ActionIcon size={24} aria-label={`${t('why.ask')}: ${tile.title}`} onClick={() => onWhy(tile)}>
              <Lightbulb size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        {tile.shape !== 'missing' && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon size={24} aria-label={t('board.more', { name: tile.title })}>
                <Ellipsis size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {!tile.figure && (
                <Menu.Item
                  onClick={() =>
                    void navigate({
                      to: '/pivot',
                      search: {
                        q: { ...query, compare: board.compare },
                        shape: tile.shape === 'number' ? 'table' : (tile.shape as Shape),
                      },
                    })
                  }
                >
                  {t('board.open')}
                </Menu.Item>
              )}
              {actions && (
                <>
                  <Menu.Item onClick={() => actions.move(-1)}>{t('shelf.before')}</Menu.Item>
                  <Menu.Item onClick={() => actions.move(1)}>{t('shelf.after')}</Menu.Item>
                  <Menu.Item onClick={() => actions.resize(Math.min(12, tile.w + 1), tile.h)}>
                    {t('board.wider')}
                  </Menu.Item>
                  <Menu.Item onClick={() => actions.resize(Math.max(2, tile.w - 1), tile.h)}>
                    {t('board.narrower')}
                  </Menu.Item>
                  <Menu.Item onClick={() => actions.resize(tile.w, Math.min(8, tile.h + 1))}>
                    {t('board.higher')}
                  </Menu.Item>
                  <Menu.Item onClick={() => actions.resize(tile.w, Math.max(1, tile.h - 1))}>
                    {t('board.lower')}
                  </Menu.Item>
                  {tile.shape === 'number' && <Menu.Item onClick={actions.target}>{t('board.setTarget')}</Menu.Item>}
                  <Menu.Item color="red" onClick={actions.remove}>
                    {t('shelf.remove')}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </header>
      {tile.shape === 'missing' ? (
        <div className={classes.missing}>
          <p className="dim">{t(`board.without.${tile.missing ?? 'satisfaction'}`)}</p>
          <Button component={Link} to="/intake" size="xs" variant="default">
            {t('board.import')}
          </Button>
        </div>
      ) : tile.shape === 'number' ? (
        <NumberTile tile={tile} board={board} meta={meta} refresh={refresh} />
      ) : (
        <PictureTile tile={tile} board={board} meta={meta} refresh={refresh} onCell={onCell} />
      )}
      {drag.corner && <span className={classes.corner} aria-hidden {...drag.corner} />}
    </section>
  );
}

function PictureTile({
  tile,
  board,
  meta,
  refresh,
  onCell,
}: Pick<BoardTileProps, 'tile' | 'board' | 'meta' | 'refresh' | 'onCell'>) {
  const { t } = useTranslation('cube');
  const { query, isPartly } = fitted(tile, board, meta);
  const asked = askedQuery(query);
  const result = useQuery({ ...cubeQuery(asked), refetchInterval: refresh });
  const matrix = useMemo(() => result.data && matrixOf(result.data), [result.data]);
  if (result.isError) return <p role="alert">{faultText(result.error)}</p>;
  if (!matrix) return <Loading />;
  if (matrix.rows.length === 0) return <p className="dim">{t('empty.title')}</p>;
  const shape = fitting(matrix).has(tile.shape as Shape) ? (tile.shape as Shape) : 'table';
  const height = tile.h * ROW - 46;
  return (
    <>
      {shape === 'table' ? (
        <div className={classes.tableTile} style={{ height }}>
          <PivotTable
            matrix={matrix}
            query={asked}
            tint="heat"
            spark={false}
            onSort={() => undefined}
            onChoose={(cell) => onCell(tile, cell)}
          />
        </div>
      ) : (
        <PivotChart matrix={matrix} shape={shape} height={height} onChoose={(cell) => onCell(tile, cell)} />
      )}
      {isPartly && <p className="dim">{t('board.partly')}</p>}
    </>
  );
}
