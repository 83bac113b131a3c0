// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Menu, Select, Tooltip } from '@mantine/core';
import { DatePickerInput } from '@mantine/dates';
import { ArrowLeftRight, Check, Sigma } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import type { CubeQuery, Period } from './api';
import { looksOf, splitLook } from './looks';
import { Shelf, type Move, type Place } from './Shelf';
import type { useCubeMeta } from './useCubeMeta';
import classes from './Pivot.module.css';

interface PivotControlsProps {
  query: CubeQuery;
  meta: ReturnType<typeof useCubeMeta>;
  onQuery: (query: CubeQuery) => void;
  onMove: (move: Move) => void;
  onFormula: () => void;
}

const periods: Record<string, Period | undefined> = {
  all: undefined,
  month: { last: 1, unit: 'month' },
  quarter: { last: 3, unit: 'month' },
  half: { last: 6, unit: 'month' },
  year: { last: 12, unit: 'month' },
  two: { last: 24, unit: 'month' },
  thisYear: { last: 1, unit: 'year' },
};

const periodKey = (period: Period | undefined) =>
  Object.keys(periods).find((key) => JSON.stringify(periods[key]) === JSON.stringify(period)) ?? 'own';

const times = /^(year|quarter|month|week|day|fiscal_year|fiscal_quarter)$/;

/** Moves a field between rows, columns and values of a question. */
export function moved(query: CubeQuery, { field, from, to, at }: Move): CubeQuery {
  const lists: Record<Place, string[]> = {
    rows: [...(query.dimensions ?? [])],
    columns: [...(query.columns ?? [])],
    measures: [...query.measures],
    filters: [],
  };
  const target = to === 'none' ? [] : lists[to];
  const before = target.indexOf(field);
  for (const list of [
    lists.rows,
    lists.columns,
    ...(from === 'measures' || to === 'measures' ? [lists.measures] : []),
  ]) {
    const i = list.indexOf(field);
    if (i >= 0) list.splice(i, 1);
  }
  const place = at === undefined ? target.length : before >= 0 && before < at ? at - 1 : at;
  target.splice(place, 0, field);
  if (lists.measures.length === 0) return query;
  const order = query.order?.filter((o) => [...lists.rows, ...lists.measures].includes(o.by));
  return { ...query, dimensions: lists.rows, columns: lists.columns, measures: lists.measures, order };
}

/** What a pivot asks: shelves for rows, columns and values; period and comparison. */
export function PivotControls({ query, meta, onQuery, onMove, onFormula }: PivotControlsProps) {
  const { t } = useTranslation('cube');
  const can = useCan();
  const set = (change: Partial<CubeQuery>) => onQuery({ ...query, ...change });
  const key = periodKey(query.period);
  const all = [...(query.dimensions ?? []), ...(query.columns ?? [])];
  const hasTime = all.some((name) => times.test(meta.dimensions.get(name)?.unit ?? ''));
  const nameOf = (field: string) => {
    const { base, look } = splitLook(field);
    const name = meta.names.get(base) ?? base;
    return look === '' ? name : `${name} · ${t(`looks.${look.slice(1) as 'share'}`)}`;
  };
  const lookMenu = (field: string) => {
    const { base, look: now } = splitLook(field);
    return (
      <>
        <Menu.Label>{t('looks.title')}</Menu.Label>
        {looksOf(meta.measures.get(base), hasTime, (query.columns?.length ?? 0) > 0).map((look) => (
          <Menu.Item
            key={look}
            rightSection={look === now ? <Check size={13} aria-hidden /> : undefined}
            disabled={look !== now && query.measures.includes(base + look)}
            onClick={() =>
              set({ measures: query.measures.map((m) => (m === field ? base + look : m)), order: undefined })
            }
          >
            {look === '' ? t('looks.plain') : t(`looks.${look.slice(1) as 'share'}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
      </>
    );
  };
  return (
    <div className={classes.controls}>
      <Shelf
        place="rows"
        title={t('rows')}
        fields={query.dimensions ?? []}
        nameOf={nameOf}
        groups={meta.dimensionGroups}
        onMove={onMove}
      />
      <Tooltip label={t('swap')}>
        <ActionIcon
          size={30}
          variant="subtle"
          aria-label={t('swap')}
          onClick={() => set({ dimensions: query.columns ?? [], columns: query.dimensions ?? [], order: undefined })}
        >
          <ArrowLeftRight size={15} />
        </ActionIcon>
      </Tooltip>
      <Shelf
        place="columns"
        title={t('columns')}
        fields={query.columns ?? []}
        nameOf={nameOf}
        groups={meta.dimensionGroups}
        onMove={onMove}
      />
      <Shelf
        place="measures"
        title={t('measures')}
        fields={query.measures}
        nameOf={nameOf}
        groups={meta.measureGroups}
        onMove={onMove}
        menu={lookMenu}
      >
        {can('cube:define') && (
          <Tooltip label={t('formula.new')}>
            <ActionIcon size={24} variant="subtle" aria-label={t('formula.new')} onClick={onFormula}>
              <Sigma size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </Shelf>
      <Select
        aria-label={t('period')}
        data={[
          ...Object.keys(periods).map((p) => ({ value: p, label: t(`periods.${p as 'all'}`) })),
          { value: 'own', label: t('periods.own') },
        ]}
        value={key}
        allowDeselect={false}
        onChange={(p) => {
          if (p === 'own') set({ period: ownPeriod() });
          else if (p) set({ period: periods[p], ...(periods[p] ? {} : { compare: undefined }) });
        }}
        w={140}
      />
      {key === 'own' && (
        <DatePickerInput
          type="range"
          aria-label={t('periods.own')}
          value={[query.period?.from ?? null, query.period?.to ?? null]}
          onChange={([from, to]) => from && to && set({ period: { from, to } })}
          w={210}
        />
      )}
      <Select
        aria-label={t('compare')}
        data={[
          { value: '', label: t('compares.none') },
          { value: 'previous_period', label: t('compares.previous_period') },
          { value: 'previous_year', label: t('compares.previous_year') },
        ]}
        value={query.compare ?? ''}
        allowDeselect={false}
        disabled={!query.period}
        onChange={(compare) => set({ compare: (compare || undefined) as CubeQuery['compare'] })}
        w={136}
      />
    </div>
  );
}

/** This year up to today, where an own period begins. */
function ownPeriod(): Period {
  const today = new Date().toISOString().slice(0, 10);
  return { from: `${today.slice(0, 4)}-01-01`, to: today };
}
