// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Wallet } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan, useSession } from '@/app/session';
import { useFormat } from '@/shared/format';
import { minorDigits } from '@/shared/format/formatters';
import { Facts, Panel, Query, SimpleTable, Status, type SimpleColumn } from '@/shared/page';
import { saveBudget, segmentNamesQuery, summaryQuery, type Line, type Summary } from '../api';
import styles from './Overview.module.css';

const thisMonth = () => new Date().toISOString().slice(0, 7);

function BudgetForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('performance');
  const { company } = useSession();
  const queries = useQueryClient();
  const digits = minorDigits(company.currency);
  const [month, setMonth] = useState(thisMonth);
  const [amount, setAmount] = useState<number | string>('');
  const save = useMutation({
    mutationFn: () => saveBudget(month, 'email', Math.round(Number(amount || 0) * 10 ** digits)),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['performance'] });
      onDone();
    },
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput
        label={t('executive.month')}
        placeholder="2026-12"
        required
        value={month}
        onChange={(event) => setMonth(event.currentTarget.value)}
      />
      <NumberInput
        label={t('executive.budget')}
        description={t('executive.budgetHint')}
        min={0}
        thousandSeparator=","
        hideControls
        value={amount}
        onChange={setAmount}
        rightSection={<span className="dim">{company.currency}</span>}
        rightSectionWidth={48}
      />
      <Button type="submit" loading={save.isPending}>
        {t('executive.save')}
      </Button>
    </form>
  );
}

function useColumns(name: (line: Line) => string, header: string, withBudget: boolean): SimpleColumn<Line>[] {
  const { t } = useTranslation('performance');
  const { number, percent, moneyCompact } = useFormat();
  const { company } = useSession();
  const asMoney = (value: number) => moneyCompact(Math.round(value), company.currency);
  return [
    { id: 'name', header, cell: (line) => <strong>{name(line)}</strong> },
    {
      id: 'campaigns',
      header: t('executive.campaigns'),
      align: 'end',
      cell: (line) => t('executive.shownOf', { shown: number(line.shown), all: number(line.campaigns) }),
    },
    {
      id: 'revenue',
      header: t('money.revenue'),
      align: 'end',
      cell: (line) => (
        <span className="num">
          {asMoney(line.revenue.value)}
          <br />
          <small className="dim">
            {asMoney(line.revenue.low)} – {asMoney(line.revenue.high)}
          </small>
        </span>
      ),
    },
    { id: 'cost', header: t('cost.title'), align: 'end', cell: (line) => asMoney(line.cost) },
    ...(withBudget
      ? [
          {
            id: 'budget',
            header: t('executive.budget'),
            align: 'end' as const,
            cell: (line: Line) =>
              line.budget ? (
                <span className="num">
                  {asMoney(line.budget)}{' '}
                  {line.cost > line.budget && <Status tone="red">{percent(line.cost / line.budget, 0)}</Status>}
                </span>
              ) : (
                '–'
              ),
          },
        ]
      : []),
    {
      id: 'roi',
      header: 'ROI',
      align: 'end',
      cell: (line) => (line.roi === undefined ? '–' : <span className="num">{percent(line.roi, 0)}</span>),
    },
  ];
}

function Tables({ summary }: { summary: Summary }) {
  const { t } = useTranslation('performance');
  const { money } = useFormat();
  const { company } = useSession();
  const can = useCan();
  const { data: segments } = useQuery(segmentNamesQuery);
  const months = useColumns((line) => line.key, t('executive.month'), true);
  const bySegment = useColumns(
    (line) => segments?.items.find((one) => String(one.id) === line.key)?.name ?? `#${line.key}`,
    t('parts.kind.segment'),
    false,
  );
  const byProduct = useColumns((line) => line.key || t('products.unknown'), t('products.category'), false);
  const openBudget = () => {
    const id = modals.open({
      title: t('executive.setBudget'),
      children: <BudgetForm onDone={() => modals.close(id)} />,
    });
  };
  return (
    <>
      <Panel
        flush
        title={t('executive.byMonth')}
        aside={t('executive.kept')}
        actions={
          can('performance:update') && (
            <Button size="compact-sm" variant="default" leftSection={<Wallet size={13} />} onClick={openBudget}>
              {t('executive.setBudget')}
            </Button>
          )
        }
      >
        <SimpleTable
          stack
          label={t('executive.byMonth')}
          rows={summary.months}
          columns={months}
          rowKey={(line) => line.key}
        />
        {summary.months.length === 0 && <p className={styles.none}>{t('executive.none')}</p>}
      </Panel>
      {summary.segments.length > 0 && (
        <Panel flush title={t('executive.bySegment')}>
          <SimpleTable
            stack
            label={t('executive.bySegment')}
            rows={summary.segments}
            columns={bySegment}
            rowKey={(line) => line.key}
          />
        </Panel>
      )}
      {summary.products.length > 0 && (
        <Panel flush title={t('executive.byProduct')} aside={t('executive.shared')}>
          <SimpleTable
            stack
            label={t('executive.byProduct')}
            rows={summary.products}
            columns={byProduct}
            rowKey={(line) => line.key}
          />
        </Panel>
      )}
      {summary.stages.length > 0 && (
        <Panel title={t('executive.stages')}>
          <Facts
            labelWidth={150}
            facts={summary.stages.map((stage) => ({
              label: t(`plan.per.${stage.stage}` as 'plan.per.acquired'),
              value:
                stage.cost_per === undefined ? t('plan.notShown') : money(Math.round(stage.cost_per), company.currency),
            }))}
          />
        </Panel>
      )}
    </>
  );
}

/** What campaigns brought beside what they were allowed to cost, from the results that were kept. */
export function Executive() {
  const result = useQuery(summaryQuery);
  return <Query result={result}>{(summary) => <Tables summary={summary} />}</Query>;
}
