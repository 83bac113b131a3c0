// SPDX-License-Identifier: Apache-2.0
import { Menu } from '@mantine/core';
import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, Eye, EyeOff, ListFilter } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ColumnState, Sort } from '@/shared/grid';

interface ColumnMenuProps {
  at: { id: string; anchor: HTMLElement } | undefined;
  columns: ColumnState[];
  onClose: () => void;
  onSort: (sort: Sort) => void;
  /** Left out when the server cannot filter by the column. */
  onFilter?: (id: string) => void;
  sortable?: boolean;
  /** Shows masked values, which cannot be sorted by; left out when that is not what stands in the way. */
  onUnmask?: () => void;
  onColumns: (columns: ColumnState[]) => void;
}

/** The one menu that all column heads share. */
export function ColumnMenu({ at, columns, onClose, onSort, onFilter, sortable, onUnmask, onColumns }: ColumnMenuProps) {
  const { t } = useTranslation('shared');
  if (!at) return null;
  const { id, anchor } = at;
  const box = anchor.getBoundingClientRect();
  const index = columns.findIndex((column) => column.id === id);
  const move = (step: number) => {
    const next = columns.filter((column) => column.id !== id);
    const moved = columns[index];
    if (moved) next.splice(index + step, 0, moved);
    onColumns(next);
  };
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={190}>
      <Menu.Target>
        <button
          type="button"
          aria-hidden
          tabIndex={-1}
          style={{
            position: 'fixed',
            left: box.left,
            top: box.bottom,
            width: 1,
            height: 1,
            padding: 0,
            border: 0,
            opacity: 0,
          }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<ArrowUp size={14} />} disabled={!sortable} onClick={() => onSort(id)}>
          {t('grid.sortUp')}
        </Menu.Item>
        <Menu.Item leftSection={<ArrowDown size={14} />} disabled={!sortable} onClick={() => onSort(`-${id}`)}>
          {t('grid.sortDown')}
        </Menu.Item>
        {!sortable && onUnmask && (
          <Menu.Item leftSection={<Eye size={14} />} onClick={onUnmask}>
            {t('grid.maskedSort')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<ListFilter size={14} />} disabled={!onFilter} onClick={() => onFilter?.(id)}>
          {t('grid.filterBy')}
        </Menu.Item>
        {index > 0 && (
          <>
            <Menu.Divider role="separator" />
            <Menu.Item leftSection={<ArrowLeft size={14} />} disabled={index === 1} onClick={() => move(-1)}>
              {t('grid.left')}
            </Menu.Item>
            <Menu.Item
              leftSection={<ArrowRight size={14} />}
              disabled={index === columns.length - 1}
              onClick={() => move(1)}
            >
              {t('grid.right')}
            </Menu.Item>
            <Menu.Item
              leftSection={<EyeOff size={14} />}
              onClick={() => onColumns(columns.filter((column) => column.id !== id))}
            >
              {t('grid.hide')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
