// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Download, GitMerge, Group as GroupIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { download, type Total } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import type { GroupRule } from '@/shared/filter';
import { SelectionBar, type ColumnState, type Selection } from '@/shared/grid';
import { askPurpose } from '@/shared/page';
import type { ListAsk } from '../api';

interface SelectionActionsProps {
  selection: Selection;
  onSelection: (selection: Selection) => void;
  total: Total;
  ask: ListAsk;
  columns: ColumnState[];
}

/** The selection as rules: the ids, or everything that matches without some. */
export function selectionRules(selection: Selection, ask: ListAsk): GroupRule {
  if (selection.mode === 'some') return { op: 'and', rules: [{ field: 'id', is: 'in', value: [...selection.ids] }] };
  const rules = ask.filter ? [ask.filter] : [];
  const except = [...selection.except];
  return { op: 'and', rules: except.length > 0 ? [...rules, { field: 'id', is: 'not_in', value: except }] : rules };
}

/** Columns that are counted or kept by the product and no part of an export. */
const computed = new Set(['record_count', 'created_at', 'updated_at']);

/** What can be done with the chosen customers. */
export function SelectionActions({ selection, onSelection, total, ask, columns }: SelectionActionsProps) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const navigate = useNavigate();
  const two = selection.mode === 'some' && selection.ids.size === 2 ? [...selection.ids] : undefined;
  const rules = selectionRules(selection, ask);
  const exported = ['id', ...columns.map((column) => column.id).filter((id) => !computed.has(id))];
  const exportAll = async () => {
    const purpose = await askPurpose('export');
    if (!purpose) return;
    await download('/api/customers/export', {
      method: 'POST',
      body: { q: ask.q, filter: rules, sort: ask.sort, columns: exported, purpose },
      name: 'customers.csv',
    }).catch(tellFault);
  };
  return (
    <SelectionBar selection={selection} onSelection={onSelection} total={total}>
      {two && can('customer:merge') && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<GitMerge size={14} />}
          onClick={() => void navigate({ to: '/customers/merge', search: { a: two[0], b: two[1] } })}
        >
          {t('selection.merge')}
        </Button>
      )}
      {can('segment:create') && !(selection.mode === 'all' && ask.q) && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<GroupIcon size={14} />}
          onClick={() => void navigate({ to: '/segments/$id', params: { id: '0' }, search: { rules } })}
        >
          {t('selection.segment')}
        </Button>
      )}
      {can('customer:export') && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<Download size={14} />}
          onClick={() => void exportAll()}
        >
          {t('selection.export')}
        </Button>
      )}
    </SelectionBar>
  );
}
