// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import type { GroupRule } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import type { Rfm } from '../api';

/** The named groups with their sizes and what to do about them. */
export function RfmGroups({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation('mining');
  const { number, money, moneyCompact, percent } = useFormat();
  const label = useLabel();
  const navigate = useNavigate();
  const toSegment = (name: string, rules: GroupRule) =>
    void navigate({ to: '/segments/$id', params: { id: '0' }, search: { rules, name } });
  return (
    <Panel title={t('rfm.groups')} flush>
      <SimpleTable
        label={t('rfm.groups')}
        rows={rfm.groups}
        rowKey={(g) => g.name}
        columns={[
          {
            id: 'name',
            header: t('rfm.group'),
            cell: (g) => (
              <>
                <b style={{ fontWeight: 550 }}>{label(g.label)}</b>
                <div className="dim">{label(g.action)}</div>
              </>
            ),
          },
          { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (g) => number(g.customers) },
          {
            id: 's',
            header: t('rfm.share'),
            align: 'end',
            cell: (g) => percent(rfm.buyers > 0 ? g.customers / rfm.buyers : 0),
          },
          {
            id: 'm',
            header: t('rfm.values.revenue'),
            align: 'end',
            cell: (g) => <span title={money(g.revenue, rfm.currency)}>{moneyCompact(g.revenue, rfm.currency)}</span>,
          },
          { id: 'ms', header: t('rfm.revenueShare'), align: 'end', cell: (g) => percent(g.share) },
          {
            id: 'go',
            header: '',
            align: 'end',
            cell: (g) => (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => g.rules && toSegment(label(g.label), g.rules)}
                disabled={!g.rules}
                aria-label={t('rfm.toSegment', { box: label(g.label) })}
              >
                {t('rfm.segment')}
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  );
}
