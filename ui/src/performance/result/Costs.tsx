// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, type SimpleColumn } from '@/shared/page';
import type { Cost, Result } from '../api';
import { CostForm } from './CostForm';

/** A cost that was entered, or the one of sending, which follows from the ledger. */
type CostRow = Omit<Cost, 'component'> & {
  component: Cost['component'] | 'messages' | 'planned_incentive' | 'planned_fixed';
};

function openForm(campaignId: number, currency: string) {
  const id = modals.open({
    title: translate('performance:cost.add'),
    children: <CostForm campaignId={campaignId} currency={currency} onDone={() => modals.close(id)} />,
  });
}

/** What the campaign cost, by component; costs from elsewhere can be added. */
export function Costs({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { t: shared } = useTranslation('shared');
  const { money } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const mayEdit = can('performance:update');
  const { campaign_id: id, currency, cost } = result;
  const rows: CostRow[] = [
    { id: 0, component: 'messages', amount: cost.messages, note: '' },
    ...(cost.fixed > 0 ? [{ id: -2, component: 'planned_fixed' as const, amount: cost.fixed, note: '' }] : []),
    ...(cost.incentive > 0
      ? [{ id: -1, component: 'planned_incentive' as const, amount: cost.incentive, note: '' }]
      : []),
    ...(cost.components ?? []),
  ];
  const remove = useMutation({
    mutationFn: (costId: number) =>
      api.delete<void>('/api/campaigns/{id}/costs/{cost_id}', { path: { id, cost_id: costId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['campaigns', id, 'result'] }),
  });
  const columns: SimpleColumn<CostRow>[] = [
    {
      id: 'kind',
      header: t('cost.kind'),
      cell: (row) => (
        <span>
          {t(`costKind.${row.component}`)} {row.note && <span className="dim">{row.note}</span>}
        </span>
      ),
    },
    { id: 'amount', header: t('cost.amount'), align: 'end', cell: (row) => money(row.amount, currency) },
    {
      id: 'remove',
      header: <span className="sr-only">{shared('delete')}</span>,
      width: 44,
      cell: (row) =>
        mayEdit && row.id > 0 ? (
          <ActionIcon size={26} aria-label={shared('delete')} onClick={() => remove.mutate(row.id)}>
            <Trash2 size={14} />
          </ActionIcon>
        ) : null,
    },
  ];
  return (
    <Panel
      flush
      title={t('cost.title')}
      actions={
        mayEdit && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Plus size={13} />}
            onClick={() => openForm(id, currency)}
          >
            {t('cost.add')}
          </Button>
        )
      }
    >
      <SimpleTable
        label={t('cost.title')}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.id}
        foot={
          <tr>
            <td>{t('cost.total')}</td>
            <td data-align="end" colSpan={2}>
              {money(cost.total, currency)}
            </td>
          </tr>
        }
      />
    </Panel>
  );
}
