// SPDX-License-Identifier: Apache-2.0
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { RotateCcw, Search } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLatest } from '@/app/useLatest';
import { Ago, matchesHangul } from '@/shared/format';
import { Panel, ViewTabs } from '@/shared/page';
import type { FileView, Mapping, MappedColumn } from '../api';
import { gapsOf, stateOf, type ColumnProblem, type ColumnState, type Correction } from '../mapping';
import type { Draft } from './draft';
import { SCHEMES } from './ColumnDetails';
import { MappingRow } from './MappingRow';
import { Notices } from './Notices';
import { schemesQuery } from './schemes';
import { TakenPreview } from './TakenPreview';
import { attributesQuery, targetGroups } from './targets';
import { useRowKeys } from './useRowKeys';
import classes from './Mapping.module.css';

interface MappingStepProps {
  view: FileView;
  mapping: Mapping;
  problems: Map<number, ColumnProblem>;
  draft: Draft;
  onCorrections: (corrections: Record<string, Correction>) => void;
}

const views = {
  all: undefined,
  look: ['unsure', 'wrong'],
  used: ['matched', 'key', 'new', 'extra'],
  skipped: ['skipped'],
};
type View = keyof typeof views;
const MANY = 20;

/** Step 2: each column with its samples, how it is used, and what it fills. */
export function MappingStep({ view, mapping, problems, draft, onCorrections }: MappingStepProps) {
  const { t, i18n } = useTranslation('intake');
  const { corrections } = draft;
  const { data } = useQuery(attributesQuery);
  const attributes = useMemo(() => data?.items ?? [], [data]);
  const known = useMemo(() => new Set(attributes.map((attribute) => attribute.name)), [attributes]);
  const groups = useMemo(
    () => targetGroups(mapping.kind, attributes),
    // The labels change with the language.
    // oxlint-disable-next-line react/exhaustive-deps
    [mapping.kind, attributes, i18n.language],
  );
  const [shown, setShown] = useState<View>('all');
  const [find, setFind] = useState('');
  const states = new Map(mapping.columns.map((c) => [c.index, stateOf(c, problems.get(c.index), known)]));
  const inView = (column: MappedColumn, of: View) =>
    (views[of] as ColumnState[] | undefined)?.includes(states.get(column.index) ?? 'matched') ?? true;
  const columns = mapping.columns.filter((column) => inView(column, shown) && matchesHangul(column.header, find));
  const latest = useLatest({ corrections, onCorrections });
  const set = useCallback(
    (column: MappedColumn, correction: Correction) => {
      const { corrections: old, onCorrections: change } = latest.current;
      change({ ...old, [column.header]: { ...old[column.header], ...correction } });
    },
    [latest],
  );
  const [editing, setEditing] = useState<number>();
  const { data: schemes } = useQuery(schemesQuery);
  const keys = useRowKeys((index) => {
    const column = mapping.columns.find((c) => c.index === index);
    if (column) set(column, { field: 'ignore', scheme: undefined, attribute: undefined });
  }, setEditing);
  const gaps = gapsOf(mapping);

  return (
    <div className={classes.step}>
      {gaps.length > 0 && (
        <ul className={classes.gaps} role="alert">
          {gaps.map((gap) => (
            <li key={gap}>{t(`gap.${gap}`)}</li>
          ))}
        </ul>
      )}
      {mapping.notices && mapping.notices.length > 0 && (
        <Panel>
          <Notices notices={mapping.notices} />
        </Panel>
      )}
      <Panel
        flush
        title={
          <ViewTabs
            label={t('map.views')}
            value={shown}
            onChange={(id) => setShown(id as View)}
            tabs={(Object.keys(views) as View[]).map((id) => ({
              id,
              label: t(`map.view.${id}`),
              count: mapping.columns.filter((column) => inView(column, id)).length,
            }))}
          />
        }
        actions={
          <>
            {view.remembered_at && (
              <span className={classes.remembered}>
                {t('map.remembered')} <Ago at={view.remembered_at} />
              </span>
            )}
            {Object.keys(corrections).length > 0 && (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                leftSection={<RotateCcw size={13} />}
                onClick={() => onCorrections({})}
              >
                {t('map.reset')}
              </Button>
            )}
            {mapping.columns.length > MANY && (
              <TextInput
                w={170}
                leftSection={<Search size={14} />}
                placeholder={t('map.find')}
                aria-label={t('map.find')}
                value={find}
                onChange={(event) => setFind(event.currentTarget.value)}
              />
            )}
          </>
        }
      >
        <datalist id={SCHEMES}>
          {(schemes ?? []).map((scheme) => (
            <option key={scheme} value={scheme}>
              {scheme}
            </option>
          ))}
        </datalist>
        <table className={classes.table} aria-label={t('step.map')}>
          <thead>
            <tr>
              {(['column', 'samples', 'use', 'target', 'details'] as const).map((id) => (
                <th key={id} scope="col">
                  {t(`map.head.${id}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody onKeyDown={keys.onKeyDown} onFocus={keys.onFocus}>
            {columns.map((column, i) => (
              <MappingRow
                key={column.header}
                column={column}
                state={states.get(column.index) ?? 'matched'}
                problem={problems.get(column.index)}
                groups={groups}
                attributes={attributes}
                isNew={column.field === 'attribute' && !known.has(column.attribute?.slug ?? '')}
                active={keys.active === undefined ? i === 0 : keys.active === column.index}
                editing={editing === column.index}
                onEdit={setEditing}
                onSet={set}
              />
            ))}
          </tbody>
        </table>
        {columns.length === 0 && <p className={classes.none}>{t('map.none')}</p>}
      </Panel>
      {gaps.length === 0 && problems.size === 0 && <TakenPreview view={view} mapping={mapping} draft={draft} />}
    </div>
  );
}
