// SPDX-License-Identifier: Apache-2.0
import { Button, Popover, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Lightbulb, ListFilter, Table, UsersRound } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { askPeople, type CubeQuery } from './api';
import type { ChosenCell } from './PivotTable';
import classes from './Pivot.module.css';

interface CellMenuProps {
  query: CubeQuery;
  chosen: ChosenCell;
  onClose: () => void;
  onFilter?: () => void;
  filterLabel?: string;
  onWhy?: () => void;
  /** What the numbers include, in words. */
  asOf?: string;
}

/** What can be done with a cell: its people as a list or a segment, or a filter to it. */
export function CellMenu({ query, chosen, onClose, onFilter, filterLabel, onWhy, asOf }: CellMenuProps) {
  const { t } = useTranslation('cube');
  const { number } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const people = useQuery({
    queryKey: ['cube-people', query, chosen.cell, chosen.range, chosen.measure],
    queryFn: () => askPeople(query, chosen.cell, chosen.measure.replace(/\.(previous|change)$/, ''), chosen.range),
  });
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const box = chosen.anchor.getBoundingClientRect();
  return (
    <Popover opened onClose={onClose} onDismiss={onClose} position="bottom-end" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <span
          style={{
            position: 'fixed',
            left: box.left,
            top: box.top,
            width: box.width,
            height: box.height,
            pointerEvents: 'none',
          }}
        />
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes.people} role="dialog" aria-label={chosen.title}>
          <div>
            <b>{chosen.title}</b>
            <div className="dim">{chosen.text}</div>
          </div>
          {asOf && <div className="dim">{t('notes.asOfShort', { at: asOf })}</div>}
          {people.isError ? (
            <p role="alert">{faultText(people.error)}</p>
          ) : people.data ? (
            <div data-testid="cell-people">
              <strong>{number(people.data.count)}</strong> {t('people')}
            </div>
          ) : (
            <Skeleton height={24} width={90} />
          )}
          <Button
            ref={first}
            variant="light"
            leftSection={<UsersRound size={14} />}
            disabled={!people.data || !can('segment:create')}
            onClick={() =>
              people.data &&
              void navigate({
                to: '/segments/$id',
                params: { id: '0' },
                search: { rules: people.data.rules, name: chosen.title },
              })
            }
          >
            {t('toSegment')}
          </Button>
          <Button
            variant="default"
            leftSection={<Table size={14} />}
            disabled={!people.data}
            onClick={() => people.data && void navigate({ to: '/customers', search: { filter: people.data.rules } })}
          >
            {t('toList')}
          </Button>
          {onWhy && (
            <Button variant="default" leftSection={<Lightbulb size={14} />} onClick={onWhy}>
              {t('why.ask')}
            </Button>
          )}
          {onFilter && Object.keys(chosen.cell).length > 0 && (
            <Button variant="default" leftSection={<ListFilter size={14} />} onClick={onFilter}>
              {filterLabel ?? t('toFilter')}
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
