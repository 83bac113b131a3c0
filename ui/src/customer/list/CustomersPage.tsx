// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCatalogue } from '@/app/catalogue';
import { useCan, useUnmasked } from '@/app/session';
import { useCommands } from '@/app/shell/palette';
import { useShortcuts } from '@/app/shortcuts';
import { addAt, fieldRule } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { DataGrid, nothing, useRowPages, type Selection } from '@/shared/grid';
import { ErrorState, Page, useUnmask } from '@/shared/page';
import { countQuery, listCustomers, listKey } from '../api';
import { useCustomerFields } from '../fields';
import { useEdit } from '../useEdit';
import { leaveTrail } from '../trail';
import { useOwners } from '../useOwners';
import { ColumnMenu } from './ColumnMenu';
import { customerColumns } from './columns';
import { CustomerPeek } from './CustomerPeek';
import { ListBar } from './ListBar';
import { ListEmpty } from './ListEmpty';
import { ListFoot } from './ListFoot';
import { MaskToggle } from './MaskToggle';
import { NewCustomerDialog } from './NewCustomerDialog';
import { SelectionActions } from './SelectionActions';
import { useListState } from './useListState';

/** How many neighbours a customer page can walk to in each direction. */
const AROUND = 200;

/** The customer list: instant at a million customers. */
export function CustomersPage() {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const state = useListState();
  const { ask, search, set } = state;
  const fields = useCustomerFields();
  const { catalogue } = useCatalogue();
  const clear = useUnmasked();
  const unmask = useUnmask();
  const owners = useOwners();
  const edit = useEdit();
  const [selection, setSelection] = useState<Selection>(nothing);
  const [menu, setMenu] = useState<{ id: string; anchor: HTMLElement }>();
  const [creating, create] = useDisclosure(false);
  const [peekAt, setPeekAt] = useState(0);
  const pages = useRowPages({ queryKey: listKey(ask), fetch: (page) => listCustomers(ask, page) });
  const exact = useQuery({ ...countQuery(ask), enabled: false });
  const total = exact.data ?? pages.total ?? { count: pages.rowCount, capped: false };
  useEffect(() => setSelection(nothing), [ask]);

  const columns = useMemo(
    () =>
      customerColumns({
        fields,
        shown: state.columns,
        format,
        owners,
        unnamed: t('unnamed'),
        canEdit: can('customer:update'),
        clear,
        onEdit: (row, field, value) => void edit(row, field, value),
      }),
    // The edit function lives as long as the page; only what is drawn counts.
    // oxlint-disable-next-line react/exhaustive-deps
    [fields, state.columns, format, owners, clear, t],
  );
  const openPage = (id: number) => {
    const around = Array.from({ length: 2 * AROUND }, (_, i) => pages.row(peekAt - AROUND + i)?.id);
    const { pathname, search: query } = window.location;
    leaveTrail({ href: `${pathname}${query}`, ids: around.filter((one) => one !== undefined) });
    void navigate({ to: '/customers/$id', params: { id: String(id) } });
  };
  const peekTo = (index: number) => {
    const row = pages.row(index);
    if (!row) return;
    setPeekAt(index);
    set({ peek: row.id });
  };
  const addFilter = (id: string) => {
    const field = catalogue?.fields.find((f) => f.name === id);
    if (field) state.setFilter(addAt(state.filter ?? { op: 'and', rules: [] }, [], fieldRule(field)));
  };
  useShortcuts(t('title'), [{ keys: 'c', label: t('new.title'), run: create.open }]);
  useCommands([
    {
      id: 'new-customer',
      label: 'customer:new.title',
      icon: Plus,
      run: create.open,
      permission: 'customer:create',
      keys: 'c',
    },
  ]);

  const empty = pages.isLoading ? undefined : (
    <ListEmpty
      filtered={ask.q !== undefined || ask.filter !== undefined}
      onClear={() => set({ q: '', filter: { op: 'and', rules: [] } })}
      onCreate={create.open}
    />
  );

  return (
    <Page
      title={t('title')}
      aside={
        !pages.isLoading && (
          <span className="num">{t('count', { count: total.count, shown: format.count(total) })}</span>
        )
      }
      actions={
        <>
          <MaskToggle />
          {can('customer:create') && (
            <Button leftSection={<Plus size={15} />} onClick={create.open}>
              {t('new.title')}
            </Button>
          )}
        </>
      }
      bar={<ListBar state={state} fields={fields} catalogue={catalogue} />}
      body="fill"
    >
      {pages.fault && pages.rowCount === 0 ? (
        <ErrorState fault={pages.fault} onRetry={pages.retry} />
      ) : (
        <DataGrid
          label={t('title')}
          columns={columns}
          rowCount={pages.isLoading ? 40 : pages.rowCount}
          row={pages.row}
          rowId={(row) => row.id}
          onWindow={pages.onWindow}
          sort={state.sort}
          onSort={state.setSort}
          selection={selection}
          onSelection={setSelection}
          onOpen={(row, index) => (search.peek === row.id ? openPage(row.id) : peekTo(index))}
          onActive={(index) => search.peek !== undefined && peekTo(index)}
          openedId={search.peek}
          onEscape={() => (search.peek === undefined ? setSelection(nothing) : set({ peek: undefined }))}
          onColumnMenu={(id, anchor) => setMenu({ id, anchor })}
          onResize={(id, width) =>
            state.setColumns(state.columns.map((c) => (c.id === id ? { ...c, width: Math.round(width) } : c)))
          }
          empty={empty}
        />
      )}
      <ListFoot
        total={total}
        onCount={() => void exact.refetch()}
        counting={exact.isFetching}
        sort={state.sort}
        fields={fields}
      />
      <SelectionActions
        selection={selection}
        onSelection={setSelection}
        total={total}
        ask={ask}
        columns={state.columns}
      />
      {search.peek !== undefined && (
        <CustomerPeek
          id={search.peek}
          onClose={() => set({ peek: undefined })}
          onOpen={() => search.peek !== undefined && openPage(search.peek)}
          onPrevious={peekAt > 0 ? () => peekTo(peekAt - 1) : undefined}
          onNext={peekAt + 1 < pages.rowCount ? () => peekTo(peekAt + 1) : undefined}
        />
      )}
      <ColumnMenu
        at={menu}
        columns={state.columns}
        onClose={() => setMenu(undefined)}
        onSort={state.setSort}
        onFilter={catalogue?.fields.some((field) => field.name === menu?.id) ? addFilter : undefined}
        sortable={columns.find((column) => column.id === menu?.id)?.sortable}
        onUnmask={unmask && (() => void unmask())}
        onColumns={state.setColumns}
      />
      <NewCustomerDialog opened={creating} onClose={create.close} onCreated={openPage} />
    </Page>
  );
}
