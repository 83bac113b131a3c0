// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, NumberInput, Popover, SegmentedControl, Select, Tooltip } from '@mantine/core';
import {
  Boxes,
  ChartArea,
  ChartColumn,
  ChartColumnStacked,
  ChartLine,
  ChartScatter,
  Filter,
  Grid3x3,
  LayoutDashboard,
  SlidersHorizontal,
  Table2,
  Waypoints,
  Grid2x2Check,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { shapes, type CubeQuery, type PivotSettings, type Shape, type Tint } from './api';
import classes from './Pivot.module.css';

const icons: Record<Shape, typeof Table2> = {
  table: Table2,
  bar: ChartColumn,
  stack: ChartColumnStacked,
  line: ChartLine,
  heat: Grid3x3,
  tree: LayoutDashboard,
  scatter: ChartScatter,
  funnel: Filter,
  sankey: Waypoints,
  cohort: Grid2x2Check,
  pareto: ChartArea,
  box: Boxes,
};

interface PivotViewProps {
  query: CubeQuery;
  settings: PivotSettings;
  fits: Set<Shape>;
  onQuery: (query: CubeQuery) => void;
  onSettings: (settings: PivotSettings) => void;
}

/** How a pivot is shown: its picture, and what the table does beside the plain numbers. */
export function PivotView({ query, settings, fits, onQuery, onSettings }: PivotViewProps) {
  const { t } = useTranslation('cube');
  const shape = settings.shape ?? 'bar';
  return (
    <div className={classes.view}>
      <div role="radiogroup" aria-label={t('shape')} className={classes.shapes}>
        {shapes.map((value) => {
          const Icon = icons[value];
          return (
            <Tooltip
              key={value}
              label={fits.has(value) ? t(`shapes.${value}`) : `${t(`shapes.${value}`)} · ${t(`fits.${value}`)}`}
            >
              <button
                type="button"
                role="radio"
                aria-checked={shape === value}
                aria-label={t(`shapes.${value}`)}
                aria-disabled={!fits.has(value) || undefined}
                onClick={() => fits.has(value) && onSettings({ ...settings, shape: value })}
              >
                <Icon size={15} aria-hidden />
              </button>
            </Tooltip>
          );
        })}
      </div>
      <Popover position="bottom-end" withinPortal trapFocus>
        <Popover.Target>
          <Button variant="default" size="xs" leftSection={<SlidersHorizontal size={13} />}>
            {t('view.title')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <div className={classes.options}>
            <Options query={query} settings={settings} onQuery={onQuery} onSettings={onSettings} />
          </div>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

const FEW = 10;

function Options({ query, settings, onQuery, onSettings }: Omit<PivotViewProps, 'fits'>) {
  const { t } = useTranslation('cube');
  const top = query.top;
  const hasRows = (query.dimensions?.length ?? 0) > 0;
  return (
    <>
      <Checkbox
        label={t('view.top')}
        checked={!!top}
        disabled={!hasRows}
        onChange={(e) => onQuery({ ...query, top: e.currentTarget.checked ? { n: FEW, others: true } : undefined })}
      />
      {top && (
        <>
          <NumberInput
            label={t('view.topCount')}
            min={1}
            max={500}
            value={top.n}
            onChange={(n) => typeof n === 'number' && n >= 1 && onQuery({ ...query, top: { ...top, n } })}
          />
          <Checkbox
            label={t('view.others')}
            checked={top.others ?? false}
            onChange={(e) => onQuery({ ...query, top: { ...top, others: e.currentTarget.checked } })}
          />
        </>
      )}
      <Checkbox
        label={t('view.subtotals')}
        checked={query.subtotals ?? false}
        disabled={(query.dimensions?.length ?? 0) < 2}
        onChange={(e) => onQuery({ ...query, subtotals: e.currentTarget.checked || undefined })}
      />
      <Checkbox
        label={t('view.spark')}
        checked={settings.spark ?? false}
        disabled={!query.columns?.length}
        onChange={(e) => onSettings({ ...settings, spark: e.currentTarget.checked || undefined })}
      />
      <div>
        <span className={classes.optionLabel}>{t('view.tint')}</span>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('view.tint')}
          value={settings.tint ?? 'heat'}
          onChange={(tint) => onSettings({ ...settings, tint: tint as Tint })}
          data={(['heat', 'bars', 'none'] as const).map((value) => ({ value, label: t(`view.tints.${value}`) }))}
        />
      </div>
      <Select
        label={t('view.limit')}
        data={['100', '1000', '10000', '50000']}
        value={String(query.limit ?? 1000)}
        allowDeselect={false}
        onChange={(limit) => onQuery({ ...query, limit: Number(limit) })}
      />
    </>
  );
}
