// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, MultiSelect, SegmentedControl, Select, Tooltip } from '@mantine/core';
import { ArrowLeftRight, ChartColumn, ChartLine, Grid3x3, LayoutDashboard, Table2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CubeQuery, Period, Shape } from './api';
import type { useCubeMeta } from './useCubeMeta';
import classes from './Pivot.module.css';

interface PivotControlsProps {
  query: CubeQuery;
  shape: Shape;
  meta: ReturnType<typeof useCubeMeta>;
  onQuery: (query: CubeQuery) => void;
  onShape: (shape: Shape) => void;
}

const periods: Record<string, Period | undefined> = {
  all: undefined,
  month: { last: 1, unit: 'month' },
  quarter: { last: 3, unit: 'month' },
  half: { last: 6, unit: 'month' },
  year: { last: 12, unit: 'month' },
  two: { last: 24, unit: 'month' },
};

const periodKey = (period: Period | undefined) =>
  Object.keys(periods).find((key) => JSON.stringify(periods[key]) === JSON.stringify(period)) ?? 'own';

const icons = { table: Table2, bar: ChartColumn, line: ChartLine, heat: Grid3x3, tree: LayoutDashboard } as const;

/** What a pivot asks: rows, columns, values, period, comparison and shape. */
export function PivotControls({ query, shape, meta, onQuery, onShape }: PivotControlsProps) {
  const { t } = useTranslation('cube');
  const set = (change: Partial<CubeQuery>) => onQuery({ ...query, ...change });
  const key = periodKey(query.period);
  return (
    <div className={classes.controls}>
      <MultiSelect
        label={t('rows')}
        data={meta.dimensionGroups}
        value={query.dimensions ?? []}
        onChange={(dimensions) => set({ dimensions, order: undefined })}
        maxValues={3}
        searchable
        hidePickedOptions
        nothingFoundMessage={t('notFound')}
        className={classes.control}
      />
      <Tooltip label={t('swap')}>
        <ActionIcon
          size={30}
          className={classes.swap}
          aria-label={t('swap')}
          onClick={() =>
            set({ dimensions: query.columns, columns: (query.dimensions ?? []).slice(0, 1), order: undefined })
          }
          disabled={!query.columns?.length}
        >
          <ArrowLeftRight size={15} />
        </ActionIcon>
      </Tooltip>
      <Select
        label={t('columns')}
        data={meta.dimensionGroups}
        value={query.columns?.[0] ?? null}
        onChange={(column) => set({ columns: column ? [column] : [] })}
        searchable
        clearable
        nothingFoundMessage={t('notFound')}
        className={classes.control}
      />
      <MultiSelect
        label={t('measures')}
        data={meta.measureGroups}
        value={query.measures}
        onChange={(measures) => measures.length > 0 && set({ measures, order: undefined })}
        maxValues={4}
        searchable
        hidePickedOptions
        nothingFoundMessage={t('notFound')}
        className={`${classes.control} ${classes.wide}`}
      />
      <Select
        label={t('period')}
        data={[
          ...Object.keys(periods).map((p) => ({ value: p, label: t(`periods.${p as 'all'}`) })),
          ...(key === 'own'
            ? [{ value: 'own', label: `${query.period?.from ?? ''} – ${query.period?.to ?? ''}` }]
            : []),
        ]}
        value={key}
        allowDeselect={false}
        onChange={(p) => p && p !== 'own' && set({ period: periods[p], ...(periods[p] ? {} : { compare: undefined }) })}
        w={130}
      />
      <Select
        label={t('compare')}
        data={[
          { value: '', label: t('compares.none') },
          { value: 'previous_period', label: t('compares.previous_period') },
          { value: 'previous_year', label: t('compares.previous_year') },
        ]}
        value={query.compare ?? ''}
        allowDeselect={false}
        disabled={!query.period}
        onChange={(compare) => set({ compare: (compare || undefined) as CubeQuery['compare'] })}
        w={140}
      />
      <SegmentedControl
        aria-label={t('shape')}
        className={classes.shapes}
        value={shape}
        onChange={(value) => onShape(value as Shape)}
        data={(Object.keys(icons) as Shape[]).map((value) => {
          const Icon = icons[value];
          return {
            value,
            label: (
              <Tooltip label={t(`shapes.${value}`)}>
                <span className={classes.shape}>
                  <Icon size={15} aria-hidden />
                  <span className="sr-only">{t(`shapes.${value}`)}</span>
                </span>
              </Tooltip>
            ),
          };
        })}
      />
    </div>
  );
}
