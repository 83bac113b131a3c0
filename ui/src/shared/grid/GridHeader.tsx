// SPDX-License-Identifier: Apache-2.0
import { ArrowDown, ArrowUp, ChevronDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { GridColumn, Sort } from './types';
import classes from './DataGrid.module.css';

interface GridHeaderProps<Row> {
  columns: GridColumn<Row>[];
  template: string;
  sort: Sort;
  onSort?: (sort: Sort) => void;
  onMenu?: (columnId: string, anchor: HTMLElement) => void;
  onResize?: (columnId: string, width: number) => void;
  selectable: boolean;
  checked: boolean | 'some';
  onCheck: () => void;
}

const NARROWEST = 64;

/** The sticky header: click sorts, the small arrow opens the one shared menu, the right edge resizes. */
export function GridHeader<Row>(props: GridHeaderProps<Row>) {
  const { columns, template, sort, onSort, onMenu, onResize, selectable, checked, onCheck } = props;
  const { t } = useTranslation('shared');
  const direction = (id: string) => (sort === id ? 'ascending' : sort === `-${id}` ? 'descending' : 'none');
  const resize = (column: GridColumn<Row>) => (event: React.PointerEvent<HTMLElement>) => {
    event.preventDefault();
    const from = event.clientX;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => onResize?.(column.id, Math.max(NARROWEST, column.width + move.clientX - from));
    handle.onpointerup = () => {
      handle.onpointermove = null;
    };
  };
  return (
    <div role="row" aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: template }}>
      {selectable && (
        <div role="columnheader" className={classes.check}>
          <button
            type="button"
            role="checkbox"
            aria-checked={checked === 'some' ? 'mixed' : checked}
            aria-label={t('grid.selectAll')}
            className={classes.boxButton}
            onClick={onCheck}
          >
            <span
              className={classes.box}
              data-on={checked === true || undefined}
              data-some={checked === 'some' || undefined}
            />
          </button>
        </div>
      )}
      {columns.map((column, i) => {
        const way = direction(column.id);
        const Arrow = way === 'descending' ? ArrowDown : ArrowUp;
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={i + 1}
            aria-sort={column.sortable ? way : undefined}
            className={classes.headCell}
            data-align={column.align}
            data-pinned={i === 0 || undefined}
          >
            <button
              type="button"
              className={classes.headName}
              disabled={!column.sortable || !onSort}
              title={column.header}
              onClick={() => onSort?.(way === 'none' ? column.id : way === 'ascending' ? `-${column.id}` : undefined)}
            >
              <span className="ellipsis">{column.header}</span>
              {way !== 'none' && <Arrow size={13} aria-hidden />}
            </button>
            {onMenu && (
              <button
                type="button"
                className={classes.headMenu}
                aria-label={t('grid.columnMenu', { name: column.header })}
                aria-haspopup="menu"
                onClick={(event) => onMenu(column.id, event.currentTarget)}
              >
                <ChevronDown size={13} aria-hidden />
              </button>
            )}
            {onResize && <span className={classes.grip} onPointerDown={resize(column)} />}
          </div>
        );
      })}
    </div>
  );
}
