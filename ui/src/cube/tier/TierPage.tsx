// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { MoveRight, ShieldCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Facts, Page, Panel, Query, SimpleTable, Stat, Status, tell } from '@/shared/page';
import { checkTiers, moveTiers, tiersQuery, type TierStatus } from './api';
import { TierForm } from './TierForm';
import classes from './Tier.module.css';

/** Where rows of the analysis data lie: the hot warehouse file or cold Parquet, with size, cost and age. */
export function TierPage() {
  const { t } = useTranslation('cube');
  const can = useCan();
  const cache = useQueryClient();
  const result = useQuery(tiersQuery);
  const move = useMutation({
    mutationFn: moveTiers,
    onSuccess: () => {
      tell(t('tier.moving'));
      return cache.invalidateQueries({ queryKey: ['jobs'] });
    },
  });
  const check = useMutation({
    mutationFn: checkTiers,
    onSuccess: ({ damaged }) =>
      tell(damaged.length ? t('tier.damaged', { count: damaged.length, shown: damaged.length }) : t('tier.whole')),
  });
  return (
    <Page
      title={t('tier.title')}
      width={1080}
      actions={
        can('system:admin') && (
          <>
            <Button
              variant="default"
              leftSection={<ShieldCheck size={15} />}
              loading={check.isPending}
              onClick={() => check.mutate()}
            >
              {t('tier.check')}
            </Button>
            <Button
              variant="default"
              leftSection={<MoveRight size={15} />}
              loading={move.isPending}
              onClick={() => move.mutate()}
            >
              {t('tier.move')}
            </Button>
          </>
        )
      }
    >
      <Query result={result}>{(status) => <TierBody status={status} />}</Query>
    </Page>
  );
}

function TierBody({ status }: { status: TierStatus }) {
  const { t } = useTranslation('cube');
  const can = useCan();
  const { bytes, date, money, number } = useFormat();
  const sum = (pick: (table: TierStatus['tables'][number]) => number) =>
    status.tables.reduce((all, one) => all + pick(one), 0);
  const isPriced = status.hot_price > 0 || status.cold_price > 0;
  const cost = (amount: number) => (isPriced ? t('tier.monthly', { cost: money(amount, status.currency) }) : undefined);
  const hidden = sum((one) => one.hidden);
  return (
    <>
      <Panel>
        <p className="dim" style={{ marginTop: 0 }}>
          {t('tier.about')}
        </p>
        <div className={classes.stats}>
          <Stat
            label={t('tier.hot')}
            value={bytes(sum((one) => one.hot.bytes))}
            note={[t('tier.rowsOf', { rows: number(sum((o) => o.hot.rows)) }), cost(sum((o) => o.hot.cost))]
              .filter(Boolean)
              .join(' · ')}
          />
          <Stat
            label={t('tier.cold')}
            value={bytes(sum((one) => one.cold.bytes))}
            note={[t('tier.rowsOf', { rows: number(sum((o) => o.cold.rows)) }), cost(sum((o) => o.cold.cost))]
              .filter(Boolean)
              .join(' · ')}
          />
          <Stat
            label={t('tier.saved')}
            value={isPriced ? money(status.saved, status.currency) : '–'}
            note={isPriced ? t('tier.savedNote') : t('tier.noPrice')}
          />
        </div>
      </Panel>
      {can('system:admin') && <TierForm key={`${status.months}`} status={status} />}
      <Panel
        title={t('tier.report')}
        actions={
          <Status tone={status.months ? 'teal' : 'grey'}>
            {status.before ? t('tier.before', { day: date(status.before) }) : t('tier.allHot')}
          </Status>
        }
        flush
      >
        <TierTable status={status} cost={cost} />
      </Panel>
      <Panel title={t('tier.where')}>
        <Facts
          labelWidth={160}
          facts={[
            { label: t('tier.folder'), value: <code className={classes.path}>{status.folder}</code> },
            { label: t('tier.hiddenLabel'), value: hidden ? t('tier.hidden', { shown: number(hidden) }) : number(0) },
          ]}
        />
      </Panel>
    </>
  );
}

function TierTable({ status, cost }: { status: TierStatus; cost: (amount: number) => string | undefined }) {
  const { t } = useTranslation('cube');
  const label = useLabel();
  const { bytes, date, number } = useFormat();
  const rows = status.tables.flatMap((table) => [
    { id: `${table.name}-hot`, table, tier: 'hot' as const, part: table.hot, files: 0 },
    { id: `${table.name}-cold`, table, tier: 'cold' as const, part: table.cold, files: table.files.length },
  ]);
  return (
    <SimpleTable
      stack
      label={t('tier.report')}
      rows={rows}
      rowKey={(row) => row.id}
      columns={[
        { id: 'table', header: t('tier.table'), cell: (row) => label(row.table.label) },
        {
          id: 'tier',
          header: t('tier.tier'),
          cell: (row) => <Status tone={row.tier === 'hot' ? 'amber' : 'teal'}>{t(`tier.${row.tier}`)}</Status>,
        },
        { id: 'rows', header: t('tier.rows'), align: 'end', cell: (row) => number(row.part.rows) },
        { id: 'size', header: t('tier.size'), align: 'end', cell: (row) => bytes(row.part.bytes) },
        {
          id: 'age',
          header: t('tier.age'),
          cell: (row) => (row.part.first && row.part.last ? `${date(row.part.first)} – ${date(row.part.last)}` : '–'),
        },
        {
          id: 'files',
          header: t('tier.files'),
          align: 'end',
          cell: (row) => (row.tier === 'cold' ? number(row.files) : '–'),
        },
        { id: 'cost', header: t('tier.cost'), align: 'end', cell: (row) => cost(row.part.cost) ?? '–' },
      ]}
    />
  );
}
