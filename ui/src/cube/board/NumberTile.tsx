// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { TrendingDown, TrendingUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Sparkline } from '@/shared/chart';
import { Skeleton } from '@mantine/core';
import { faultText } from '@/app/faults';
import { useLabel } from '@/app/label';
import { cubeQuery, type CubeMeta, type ResultColumn } from '../api';
import { splitLook } from '../looks';
import { useWrite } from '../write';
import { figuresQuery, type BoardContent, type Tile } from './api';
import { fitted } from './fit';
import classes from './Board.module.css';

interface NumberTileProps {
  tile: Tile;
  board: BoardContent;
  meta: CubeMeta | undefined;
  refresh: number | false;
}

const MONTHS = 13;

/** One number: now, against before, against its target, with its trend. */
export function NumberTile({ tile, board, meta, refresh }: NumberTileProps) {
  const { t } = useTranslation('cube');
  const label = useLabel();
  const { writeNumber } = useWrite();
  const compare = board.compare ?? 'previous_period';
  const { query, isPartly } = fitted(tile, board, meta);
  const isFigure = !!tile.figure;
  const value = useQuery({
    ...cubeQuery({
      ...query,
      measures: query.measures.slice(0, 1),
      period: query.period ?? { last: 1, unit: 'month' },
      compare,
    }),
    enabled: !isFigure,
    refetchInterval: refresh,
  });
  const figures = useQuery({
    ...figuresQuery(board.period ?? { last: 1, unit: 'month' }, compare),
    enabled: isFigure,
    refetchInterval: refresh,
  });
  const base = splitLook(query.measures[0] ?? '').base;
  const month = `${base.split('.')[0]}.month`;
  const hasTrend = !isFigure && (meta?.dimensions.some((d) => d.name === month) ?? false);
  const trend = useQuery({
    ...cubeQuery({
      ...query,
      measures: query.measures.slice(0, 1),
      dimensions: [month],
      period: { last: MONTHS, unit: 'month' },
    }),
    enabled: hasTrend,
  });
  const fault = value.error ?? figures.error;
  if (fault) return <p role="alert">{faultText(fault)}</p>;
  const figure = figures.data?.items.find((f) => f.name === tile.figure);
  const found = isFigure ? figure : value.data;
  if (!found) return <Skeleton height={34} />;
  const column: ResultColumn = isFigure
    ? { name: tile.figure ?? '', role: 'measure', label: { ko: '', en: '' }, kind: figure?.kind ?? 'integer' }
    : (value.data?.columns[0] as ResultColumn);
  const row = value.data?.rows[0] ?? [];
  const now = isFigure ? figure?.now : (row[0] as number | null);
  const before = isFigure ? figure?.before : (row[1] as number | null);
  if (now === null || now === undefined)
    return <p className="dim">{t(`board.missing.${figure?.missing ?? 'no_orders'}`)}</p>;
  // Another tile may have asked the same trend: what is remembered of it is none of a figure's.
  const points = ((hasTrend ? trend.data?.rows : undefined) ?? []).map((r) => (typeof r[1] === 'number' ? r[1] : 0));
  return (
    <div className={classes.figure} title={isFigure ? label(figure?.about ?? { ko: '', en: '' }) : undefined}>
      <strong>{writeNumber(now, column, column.kind === 'money')}</strong>
      <Change now={now} before={before ?? null} column={column} isLessBetter={tile.less_better ?? false} />
      {tile.target !== undefined && (
        <Target now={now} target={tile.target} column={column} isLessBetter={tile.less_better ?? false} />
      )}
      {points.length > 2 && (
        <Sparkline values={points} label={t('board.trendOf', { name: tile.title })} width={110} height={24} />
      )}
      {isFigure && board.filters && <span className="dim">{t('board.unfiltered')}</span>}
      {!isFigure && isPartly && <span className="dim">{t('board.partly')}</span>}
    </div>
  );
}

function Change({
  now,
  before,
  column,
  isLessBetter,
}: {
  now: number;
  before: number | null;
  column: ResultColumn;
  isLessBetter: boolean;
}) {
  const { t } = useTranslation('cube');
  const { writeNumber, format } = useWrite();
  if (before === null || (before === 0 && column.kind !== 'percent'))
    return <span className="dim">{t('board.noBefore')}</span>;
  const delta = now - before;
  const isGood = delta === 0 ? undefined : delta > 0 !== isLessBetter;
  const Icon = delta < 0 ? TrendingDown : TrendingUp;
  const text =
    column.kind === 'percent'
      ? t('board.points', { n: `${delta > 0 ? '+' : ''}${(delta * 100).toFixed(1)}` })
      : `${delta > 0 ? '+' : ''}${format.percent(delta / Math.abs(before))}`;
  return (
    <span className={classes.change} data-good={isGood} title={t('board.before', { n: writeNumber(before, column) })}>
      {delta !== 0 && <Icon size={13} aria-hidden />} {text}
    </span>
  );
}

function Target({
  now,
  target,
  column,
  isLessBetter,
}: {
  now: number;
  target: number;
  column: ResultColumn;
  isLessBetter: boolean;
}) {
  const { t } = useTranslation('cube');
  const { writeNumber, format } = useWrite();
  const share = target === 0 ? 0 : now / target;
  const isMet = isLessBetter ? now <= target : now >= target;
  return (
    <span className={classes.target} data-met={isMet || undefined}>
      <span aria-hidden>
        <span style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
      </span>
      {t('board.target', { target: writeNumber(target, column, true), share: format.percent(share) })}
    </span>
  );
}
