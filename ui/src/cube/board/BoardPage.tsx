// SPDX-License-Identifier: Apache-2.0
import { Button, Select } from '@mantine/core';
import { useFullscreenElement } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Maximize2, Minimize2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterBar } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { Page, ViewTabs } from '@/shared/page';
import type { Compare, CubeQuery, Period } from '../api';
import { withFilters } from '../askedQuery';
import { CellMenu } from '../CellMenu';
import type { ChosenCell } from '../PivotTable';
import { useCubeMeta } from '../useCubeMeta';
import { WhyDialog } from '../WhyDialog';
import { boardsQuery, type Board, type BoardContent, type Tile } from './api';
import { BoardEdit } from './BoardEdit';
import { BoardTile } from './BoardTile';
import { executiveBoard } from './executive';
import { fitted } from './fit';
import { useTileActions } from './useTileActions';
import classes from './Board.module.css';

const periods: Record<string, Period> = {
  month: { last: 1, unit: 'month' },
  quarter: { last: 3, unit: 'month' },
  half: { last: 6, unit: 'month' },
  year: { last: 12, unit: 'month' },
  thisYear: { last: 1, unit: 'year' },
};

const EVERY = 60_000;

/** Dashboards: the executives' board and saved ones, with common filters and cross-filter. */
export function BoardPage() {
  const { t } = useTranslation('cube');
  const { dateTime } = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/boards' });
  const meta = useCubeMeta();
  const boards = useQuery(boardsQuery);
  const { ref, toggle, fullscreen } = useFullscreenElement();
  const saved = boards.data?.items.find((b) => b.id === search.board);
  const executive = useMemo(
    () => executiveBoard(meta.result.data, (key) => t(`board.tiles.${key}`)),
    [meta.result.data, t],
  );
  const [changes, setChanges] = useState<{ of: number; content: Partial<BoardContent> }>({ of: 0, content: {} });
  const own = changes.of === (search.board ?? 0) ? changes.content : {};
  const board: BoardContent = { ...(saved?.content ?? executive), ...own };
  const change = (content: Partial<BoardContent>) =>
    setChanges({ of: search.board ?? 0, content: { ...own, ...content } });
  const [reason, setReason] = useState<Tile>();
  const [chosen, setChosen] = useState<{ tile: Tile; cell: ChosenCell }>();
  const actionsOf = useTileActions(board, change);
  const refresh = (board.refresh_seconds ?? 0) > 0 ? (board.refresh_seconds ?? 0) * 1000 : EVERY;
  const key =
    Object.keys(periods).find((k) => JSON.stringify(periods[k]) === JSON.stringify(board.period)) ?? 'quarter';
  const open = (next: Board | undefined) => {
    setChanges({ of: next?.id ?? 0, content: {} });
    void navigate({ to: '/boards', search: next ? { board: next.id } : {} });
  };
  const queryOf = (tile: Tile): CubeQuery => ({
    ...fitted(tile, board, meta.result.data).query,
    compare: board.compare,
  });
  const crossFilter = (cell: ChosenCell['cell']) => {
    setChosen(undefined);
    const rules = Object.entries(cell).map(([field, value]) =>
      value === null
        ? { field, is: 'is_not_set' as const }
        : { field, is: 'in' as const, value: [value as string | number] },
    );
    change({ filters: withFilters({ measures: [], filters: board.filters }, rules).filters });
  };
  return (
    <Page
      title={t('board.title')}
      aside={meta.result.data && t('notes.asOfShort', { at: dateTime(meta.result.data.as_of.at) })}
      actions={
        <>
          <BoardEdit board={board} saved={saved} isChanged={Object.keys(own).length > 0} onOpen={open} />
          <Button
            variant="default"
            leftSection={fullscreen ? <Minimize2 size={14} /> : <Maximize2 size={14} />}
            onClick={() => void toggle()}
            visibleFrom="sm"
          >
            {t(fullscreen ? 'board.window' : 'board.full')}
          </Button>
        </>
      }
      bar={
        <ViewTabs
          label={t('board.title')}
          value={String(search.board ?? 0)}
          onChange={(id) => open(boards.data?.items.find((b) => String(b.id) === id))}
          tabs={[
            { id: '0', label: t('board.executive') },
            ...(boards.data?.items ?? []).map((b) => ({
              id: String(b.id),
              label: b.name,
              changed: b.id === search.board && Object.keys(own).length > 0,
            })),
          ]}
        />
      }
    >
      <div ref={ref} className={classes.board}>
        <div className={classes.bar}>
          <Select
            aria-label={t('period')}
            w={130}
            allowDeselect={false}
            value={key}
            data={Object.keys(periods).map((value) => ({ value, label: t(`periods.${value as 'month'}`) }))}
            onChange={(value) => value && change({ period: periods[value] })}
          />
          <Select
            aria-label={t('compare')}
            w={140}
            allowDeselect={false}
            value={board.compare ?? 'previous_period'}
            data={(['previous_period', 'previous_year'] as const).map((value) => ({
              value,
              label: t(`compares.${value}`),
            }))}
            onChange={(value) => change({ compare: value as Compare })}
          />
          <FilterBar catalogue={meta.catalogue} value={board.filters} onChange={(filters) => change({ filters })} />
        </div>
        <div className={classes.grid}>
          {board.tiles.map((tile, i) => (
            <BoardTile
              key={tile.id}
              tile={tile}
              board={board}
              meta={meta.result.data}
              refresh={refresh}
              actions={actionsOf(i)}
              onWhy={setReason}
              onCell={(of, cell) => setChosen({ tile: of, cell })}
            />
          ))}
        </div>
      </div>
      {reason && (
        <WhyDialog
          query={queryOf(reason)}
          figure={reason.figure}
          chosen={{ measure: reason.query.measures[0] ?? '', cell: {}, title: reason.title }}
          onClose={() => setReason(undefined)}
        />
      )}
      {chosen && (
        <CellMenu
          query={queryOf(chosen.tile)}
          chosen={chosen.cell}
          filterLabel={t('board.cross')}
          onClose={() => setChosen(undefined)}
          onFilter={() => crossFilter(chosen.cell.cell)}
        />
      )}
    </Page>
  );
}
