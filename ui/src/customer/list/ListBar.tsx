// SPDX-License-Identifier: Apache-2.0
import { FilterBar, type Catalogue } from '@/shared/filter';
import { ColumnChooser } from '@/shared/grid';
import type { CustomerField } from '../fields';
import { SearchBox } from './SearchBox';
import type { ListState } from './useListState';
import { ViewBar } from './ViewBar';

interface ListBarProps {
  state: ListState;
  fields: CustomerField[];
  catalogue: Catalogue | undefined;
}

/** The bar over the list: views, filters, search, columns; filters get a line of their own once there are any. */
export function ListBar({ state, fields, catalogue }: ListBarProps) {
  return (
    <>
      <ViewBar state={state} />
      <span style={{ marginInlineStart: 'auto', order: 1 }} />
      <SearchBox value={state.ask.q ?? ''} onChange={(q) => state.set({ q })} />
      <div style={{ order: 4 }}>
        <ColumnChooser
          all={fields.map((field) => ({ id: field.name, header: field.label }))}
          shown={state.columns}
          onChange={state.setColumns}
        />
      </div>
      <div style={state.filter ? { flexBasis: '100%', order: 5 } : { order: 2 }}>
        {catalogue && <FilterBar catalogue={catalogue} value={state.filter} onChange={state.setFilter} />}
      </div>
    </>
  );
}
