// SPDX-License-Identifier: Apache-2.0
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartHit } from '@/shared/chart';
import type { ResultColumn, Shape } from './api';
import { chartGroups, chartRows, charts } from './chartOptions';
import { chosenCell, type Spot } from './choose';
import type { Matrix } from './matrix';
import type { ChosenCell } from './PivotTable';
import { useWrite } from './write';

interface PivotChartProps {
  matrix: Matrix;
  shape: Exclude<Shape, 'table'>;
  height?: number;
  onChoose?: (cell: ChosenCell) => void;
}

/** A pivot as a picture; a mark leads to the people behind it. */
export function PivotChart({ matrix, shape, height = 300, onChoose }: PivotChartProps) {
  const { t } = useTranslation('cube');
  const write = useWrite();
  const { writeValue, writeNumber, label } = write;
  const box = useRef<HTMLDivElement>(null);
  const measure = matrix.measures[0] as ResultColumn;
  const rows = useMemo(() => chartRows(matrix), [matrix]);
  const names = rows.map(
    (row) => row.values.map((v, i) => writeValue(v, matrix.rowColumns[i] as ResultColumn)).join(' · ') || t('total'),
  );
  const groups = chartGroups(matrix).map(
    (group) =>
      group.values.map((v, i) => writeValue(v, matrix.acrossColumns[i] as ResultColumn)).join(' · ') ||
      label(measure.label),
  );
  const option = useMemo(
    () => (theme: Parameters<(typeof charts)['bar']>[1]) =>
      charts[shape](
        {
          matrix,
          rows,
          names,
          groups,
          measure,
          second: matrix.measures[1],
          write: (value, column = measure, short = false) => writeNumber(value, column, short),
          label: (column) => label(column.label),
        },
        theme,
      ),
    // the writers change with the language only, which changes the matrix's labels too
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [matrix, shape, label(measure.label)],
  );
  const choose = (hit: ChartHit) => {
    const spot = spotOf(hit, shape, names, groups, matrix);
    if (!spot || !onChoose || !box.current) return;
    const layout = {
      columns: [
        ...matrix.across.map((_, group) => ({ group, measure: 0, width: 0 })),
        { group: -1, measure: 0, width: 0 },
      ],
      edges: [],
      heads: [],
      fixed: 0,
    };
    const row = spot.row < 0 ? -1 : matrix.rows.indexOf(rows[spot.row] as (typeof rows)[number]);
    onChoose(chosenCell(matrix, layout, { row, column: spot.column }, write, t, box.current));
  };
  return (
    <div ref={box}>
      <Chart
        option={option}
        height={
          shape === 'cohort' || shape === 'heat' ? Math.max(height, Math.min(560, rows.length * 24 + 60)) : height
        }
        label={`${label(measure.label)} · ${t(`shapes.${shape}`)}`}
        onSelect={onChoose && choose}
      />
    </div>
  );
}

/** Finds the row and group that a mark stands for. */
function spotOf(hit: ChartHit, shape: Shape, names: string[], groups: string[], matrix: Matrix): Spot | undefined {
  const total = matrix.acrossColumns.length > 0 ? matrix.across.length : 0;
  if (shape === 'heat' || shape === 'cohort') {
    const [column, row] = Array.isArray(hit.value) ? (hit.value as number[]) : [];
    return row === undefined || column === undefined ? undefined : { row, column };
  }
  if (shape === 'box') return { row: -1, column: hit.dataIndex };
  if (shape === 'bar' || shape === 'stack' || shape === 'line') return { row: hit.dataIndex, column: hit.seriesIndex };
  if (shape === 'scatter') return { row: hit.dataIndex, column: 0 };
  const row = names.indexOf(hit.name);
  if (row >= 0) return { row, column: total };
  const group = groups.indexOf(hit.name.trim());
  return group >= 0 ? { row: -1, column: group } : undefined;
}
