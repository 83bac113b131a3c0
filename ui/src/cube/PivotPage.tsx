// SPDX-License-Identifier: Apache-2.0
import { Button, Loader, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Table2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { completeRules, FilterBar, type GroupRule } from '@/shared/filter';
import { askPurpose, EmptyState, ErrorState, Loading, Page } from '@/shared/page';
import { cubeQuery, type CubeQuery, type SavedPivot, type Shape } from './api';
import { CellMenu } from './CellMenu';
import { matrixOf } from './matrix';
import { PivotChart } from './PivotChart';
import { PivotControls } from './PivotControls';
import { PivotNotes } from './PivotNotes';
import { firstQuery } from './pivotSearch';
import { PivotTable, type ChosenCell } from './PivotTable';
import { SavedPivots } from './SavedPivots';
import { useCubeMeta } from './useCubeMeta';
import classes from './Pivot.module.css';

/** Measures by dimensions, with totals, chart, drill to people, export. */
export function PivotPage() {
  const { t } = useTranslation('cube');
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/pivot' });
  const query = search.q ?? firstQuery;
  const shape: Shape = search.shape ?? 'bar';
  const meta = useCubeMeta();
  const [chosen, setChosen] = useState<ChosenCell>();
  const asked = useMemo<CubeQuery>(
    () => ({ ...query, filters: completeRules(query.filters), totals: ['rows', 'columns', 'grand'] }),
    [query],
  );
  const result = useQuery(cubeQuery(asked));
  const matrix = useMemo(() => result.data && matrixOf(result.data), [result.data]);

  const go = (q: CubeQuery, next: Shape = shape, saved = search.saved) =>
    void navigate({ to: '/pivot', search: { q, shape: next, saved }, replace: true });
  const open = (pivot: SavedPivot | undefined) =>
    void navigate({
      to: '/pivot',
      search: pivot ? { q: pivot.query, shape: pivot.settings?.shape ?? 'table', saved: pivot.id } : {},
    });
  const sort = (by: string) => {
    const now = query.order?.[0];
    go({ ...query, order: now?.by === by && now.desc ? [{ by }] : [{ by, desc: true }] });
  };
  const filterTo = (cell: ChosenCell['cell']) => {
    const rules = Object.entries(cell).map(([field, value]) =>
      value === null
        ? { field, is: 'is_not_set' as const }
        : { field, is: 'in' as const, value: [value as string | number] },
    );
    const filters: GroupRule = {
      op: 'and',
      rules: [...(query.filters?.op === 'and' ? query.filters.rules : query.filters ? [query.filters] : []), ...rules],
    };
    setChosen(undefined);
    go({ ...query, filters });
  };
  const save = async (format: 'csv' | 'xlsx') => {
    const purpose = await askPurpose('export');
    if (!purpose) return;
    await download('/api/cube/export', {
      method: 'POST',
      query: { format },
      body: { query: asked, purpose },
      name: `pivot.${format}`,
    }).catch(tellFault);
  };

  return (
    <Page
      title={t('title')}
      aside={result.isFetching && <Loader size={14} aria-label={t('loading')} />}
      body="fill"
      actions={
        <>
          <SavedPivots query={query} shape={shape} saved={search.saved} onOpen={open} />
          {can('cube:export') && (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button variant="default" leftSection={<Download size={14} />}>
                  {t('export')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => void save('xlsx')}>Excel (.xlsx)</Menu.Item>
                <Menu.Item onClick={() => void save('csv')}>CSV (UTF-8)</Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      }
    >
      {meta.result.isError ? (
        <ErrorState fault={meta.result.error} onRetry={() => void meta.result.refetch()} />
      ) : (
        <>
          <PivotControls query={query} shape={shape} meta={meta} onQuery={(q) => go(q)} onShape={(s) => go(query, s)} />
          <div className={classes.filters}>
            <FilterBar
              catalogue={meta.catalogue}
              value={query.filters}
              onChange={(filters) => go({ ...query, filters })}
            />
          </div>
          {result.isError ? (
            <ErrorState fault={result.error} onRetry={() => void result.refetch()} />
          ) : !matrix || !result.data ? (
            <Loading />
          ) : matrix.rows.length === 0 ? (
            <EmptyState icon={Table2} title={t('empty.title')} text={t('empty.text')}>
              <Button
                variant="default"
                onClick={() => go({ ...query, filters: undefined, period: undefined, compare: undefined })}
              >
                {t('empty.action')}
              </Button>
            </EmptyState>
          ) : (
            <>
              {shape !== 'table' && (
                <div className={classes.chart}>
                  <PivotChart matrix={matrix} shape={shape} />
                </div>
              )}
              <PivotTable
                matrix={matrix}
                query={query}
                isHeat={shape === 'heat' || shape === 'table'}
                onSort={sort}
                onChoose={setChosen}
              />
              <PivotNotes result={result.data} />
            </>
          )}
        </>
      )}
      {chosen && (
        <CellMenu
          query={asked}
          chosen={chosen}
          onClose={() => setChosen(undefined)}
          onFilter={() => filterTo(chosen.cell)}
        />
      )}
    </Page>
  );
}
