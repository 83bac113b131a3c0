// SPDX-License-Identifier: Apache-2.0
import { Button, Loader } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Table2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterBar, type GroupRule } from '@/shared/filter';
import { EmptyState, ErrorState, Loading, Page } from '@/shared/page';
import { useFormat } from '@/shared/format';
import { cubeQuery, pivotsQuery, type CubeQuery, type PivotSettings } from './api';
import { CellMenu } from './CellMenu';
import { fitting } from './chartOptions';
import { FormulaDialog } from './FormulaDialog';
import { askedQuery, withFilters } from './askedQuery';
import { matrixOf } from './matrix';
import { PivotActions } from './PivotActions';
import { PivotChart } from './PivotChart';
import { moved, PivotControls } from './PivotControls';
import { PivotNotes } from './PivotNotes';
import { firstQuery } from './pivotSearch';
import { PivotTable, type ChosenCell } from './PivotTable';
import { PivotView } from './PivotView';
import { acceptField, droppedField, type Move } from './Shelf';
import { useCubeMeta } from './useCubeMeta';
import { WhyDialog } from './WhyDialog';
import classes from './Pivot.module.css';

/** Measures by dimensions: shelves, pictures, drill to people, reasons of a change, export. */
export function PivotPage() {
  const { t } = useTranslation('cube');
  const { dateTime } = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/pivot' });
  const pivots = useQuery({ ...pivotsQuery, enabled: !search.q && search.saved !== undefined });
  const opened = search.q ? undefined : pivots.data?.items.find((p) => p.id === search.saved);
  const query = search.q ?? opened?.query ?? firstQuery;
  const settings: PivotSettings = {
    shape: search.shape ?? opened?.settings?.shape ?? 'bar',
    tint: search.tint ?? opened?.settings?.tint,
    spark: search.spark ?? opened?.settings?.spark,
  };
  const meta = useCubeMeta();
  const [chosen, setChosen] = useState<ChosenCell>();
  const [reason, setReason] = useState<ChosenCell>();
  const [isFormula, formula] = useDisclosure(false);
  const asked = useMemo(() => askedQuery(query), [query]);
  const result = useQuery(cubeQuery(asked));
  const matrix = useMemo(() => result.data && matrixOf(result.data), [result.data]);
  const fits = useMemo(() => fitting(matrix), [matrix]);
  const shape = settings.shape && fits.has(settings.shape) ? settings.shape : 'table';

  const go = (q: CubeQuery, next: PivotSettings = settings) =>
    void navigate({ to: '/pivot', search: { ...search, q, ...next }, replace: true });
  const sort = (by: string) => {
    const now = query.order?.[0];
    go({ ...query, order: now?.by === by && now.desc ? [{ by }] : [{ by, desc: true }] });
  };
  const move = (step: Move) => {
    const next = moved(query, step);
    go(step.to === 'filters' ? withFilters(next, [{ field: step.field, is: 'is_set' }]) : next);
  };
  const filterTo = (cell: ChosenCell['cell']) => {
    setChosen(undefined);
    go(
      withFilters(
        query,
        Object.entries(cell).map(([field, value]) =>
          value === null ? { field, is: 'is_not_set' } : { field, is: 'in', value: [value as string | number] },
        ) as GroupRule['rules'],
      ),
    );
  };
  const view = (
    <PivotView
      query={query}
      settings={{ ...settings, shape }}
      fits={fits}
      onQuery={(q) => go(q)}
      onSettings={(s) => go(query, s)}
    />
  );

  return (
    <Page
      title={t('title')}
      aside={result.isFetching && <Loader size={14} aria-label={t('loading')} />}
      body="fill"
      actions={<PivotActions query={query} asked={asked} settings={settings} saved={search.saved} />}
    >
      {meta.result.isError ? (
        <ErrorState fault={meta.result.error} onRetry={() => void meta.result.refetch()} />
      ) : (
        <>
          <PivotControls query={query} meta={meta} onQuery={(q) => go(q)} onMove={move} onFormula={formula.open} />
          <div
            className={classes.filters}
            onDragOver={acceptField}
            onDrop={(event) => {
              const dropped = droppedField(event);
              if (dropped && dropped.from !== 'measures') move({ ...dropped, to: 'filters' });
            }}
          >
            <FilterBar
              catalogue={meta.catalogue}
              value={query.filters}
              onChange={(filters) => go({ ...query, filters })}
            />
            {view}
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
                  <PivotChart matrix={matrix} shape={shape} onChoose={setChosen} />
                </div>
              )}
              <PivotTable
                matrix={matrix}
                query={query}
                tint={settings.tint ?? (shape === 'heat' || shape === 'table' ? 'heat' : 'none')}
                spark={settings.spark ?? false}
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
          asOf={result.data && dateTime(result.data.as_of.at)}
          onClose={() => setChosen(undefined)}
          onFilter={() => filterTo(chosen.cell)}
          onWhy={
            query.period && !chosen.range
              ? () => {
                  setReason(chosen);
                  setChosen(undefined);
                }
              : undefined
          }
        />
      )}
      {reason && <WhyDialog query={query} chosen={reason} onClose={() => setReason(undefined)} />}
      <FormulaDialog
        opened={isFormula}
        onClose={formula.close}
        onSaved={(name) => go({ ...query, measures: [...query.measures, name] })}
      />
    </Page>
  );
}
