// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, SegmentedControl, Select } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Grid3x3, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import type { GroupRule } from '@/shared/filter';
import { EmptyState, Page, Panel, Query, SimpleTable, Stat, tell } from '@/shared/page';
import { rfmQuery, savedRfmQuery, saveRfm, type Rfm, type RfmAsk } from './api';
import { RfmMap, type MapValue } from './RfmMap';
import classes from './Rfm.module.css';

const EVERYTHING = -1;
const start: RfmAsk = { period_months: 12, method: 'independent', weights: { r: 0.5, f: 0.3, m: 0.2 } };

const boxRules = (r: number, f: number): GroupRule => ({
  op: 'and',
  rules: [
    { field: 'rfm_r', is: 'eq', value: r },
    { field: 'rfm_f', is: 'eq', value: f },
  ],
});

/** Customers by recency, frequency and money: map, named groups, limits. */
export function RfmPage() {
  const { t } = useTranslation('mining');
  const [ask, setAsk] = useState(start);
  const [asked] = useDebouncedValue(ask, 300);
  const result = useQuery(rfmQuery(asked));
  const set = (change: Partial<RfmAsk>) => setAsk({ ...ask, ...change });
  return (
    <Page
      title={t('rfm.title')}
      actions={<SaveScores ask={asked} />}
      bar={
        <>
          <DateInput
            aria-label={t('rfm.at')}
            placeholder={t('rfm.today')}
            valueFormat="YYYY-MM-DD"
            value={ask.at ?? null}
            onChange={(at) => set({ at: at ?? undefined })}
            clearable
            w={140}
          />
          <Select
            aria-label={t('rfm.period')}
            data={['3', '6', '12', '24', String(EVERYTHING)].map((m) => ({
              value: m,
              label: m === String(EVERYTHING) ? t('rfm.allTime') : t('rfm.months', { n: m }),
            }))}
            value={String(ask.period_months)}
            allowDeselect={false}
            onChange={(m) => m && set({ period_months: Number(m) })}
            w={130}
          />
          <SegmentedControl
            aria-label={t('rfm.method')}
            value={ask.method}
            onChange={(method) => set({ method: method as RfmAsk['method'] })}
            data={[
              { value: 'independent', label: t('rfm.independent') },
              { value: 'nested', label: t('rfm.nested') },
            ]}
          />
          {(['r', 'f', 'm'] as const).map((key) => (
            <NumberInput
              key={key}
              aria-label={t(`rfm.weight.${key}`)}
              leftSection={<span className="dim">{key.toUpperCase()}</span>}
              value={ask.weights[key]}
              onChange={(v) => typeof v === 'number' && set({ weights: { ...ask.weights, [key]: v } })}
              min={0}
              max={1}
              step={0.1}
              decimalScale={2}
              w={86}
            />
          ))}
        </>
      }
    >
      <Query result={result}>{(rfm) => (rfm.buyers === 0 ? <NoBuyers /> : <RfmBody rfm={rfm} />)}</Query>
    </Page>
  );
}

/** Lists, pivots and segments see saved scores; this says from when they are and writes these instead. */
function SaveScores({ ask }: { ask: RfmAsk }) {
  const { t } = useTranslation('mining');
  const { dateTime } = useFormat();
  const can = useCan();
  const cache = useQueryClient();
  const { data } = useQuery(savedRfmQuery);
  const save = useMutation({
    mutationFn: () => saveRfm(ask),
    onSuccess: async (saved) => {
      cache.setQueryData(savedRfmQuery.queryKey, saved);
      await cache.invalidateQueries({ queryKey: ['segment-fields'] });
      tell(t('rfm.saved'));
    },
  });
  return (
    <>
      <span className="dim">
        {data?.problem ??
          (data?.computed_at ? t('rfm.savedAt', { at: dateTime(data.computed_at) }) : t('rfm.notSaved'))}
      </span>
      {can('mining:update') && (
        <Button loading={save.isPending} onClick={() => save.mutate()} title={t('rfm.saveHint')}>
          {t('rfm.save')}
        </Button>
      )}
    </>
  );
}

function NoBuyers() {
  const { t } = useTranslation('mining');
  const navigate = useNavigate();
  return (
    <EmptyState icon={Grid3x3} title={t('empty.title')} text={t('empty.text')}>
      <Button onClick={() => void navigate({ href: '/import' })}>{t('empty.action')}</Button>
    </EmptyState>
  );
}

function RfmBody({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation('mining');
  const { number, money, moneyCompact, percent, dateTime } = useFormat();
  const label = useLabel();
  const navigate = useNavigate();
  const [value, setValue] = useState<MapValue>('customers');
  const [chosen, setChosen] = useState<{ r: number; f: number }>();
  const toSegment = (name: string, rules: GroupRule) =>
    void navigate({ to: '/segments/$id', params: { id: '0' }, search: { rules, name } });
  return (
    <div className={classes.stack}>
      <div className={classes.stats}>
        <Stat label={t('rfm.buyers')} value={number(rfm.buyers)} note={rfm.from ? `${rfm.from} ~ ${rfm.to}` : rfm.to} />
        <Stat label={t('rfm.revenue')} value={moneyCompact(rfm.revenue, rfm.currency)} />
        <Stat label={t('rfm.never')} value={number(rfm.non_buyers)} note={t('rfm.neverNote')} />
        <Stat label={t('asOf')} value={dateTime(rfm.as_of.at)} />
      </div>
      <div className={classes.split}>
        <Panel
          title={t('rfm.map')}
          actions={
            <SegmentedControl
              aria-label={t('rfm.show')}
              value={value}
              onChange={(v) => setValue(v as MapValue)}
              data={(['customers', 'revenue', 'average'] as const).map((v) => ({
                value: v,
                label: t(`rfm.values.${v}`),
              }))}
            />
          }
        >
          <div className={classes.stack}>
            <RfmMap
              boxes={rfm.boxes}
              value={value}
              currency={rfm.currency}
              chosen={chosen}
              onChoose={(r, f) => setChosen({ r, f })}
            />
            {chosen && (
              <Button
                variant="light"
                leftSection={<UsersRound size={14} />}
                onClick={() => toSegment(`R${chosen.r} F${chosen.f}`, boxRules(chosen.r, chosen.f))}
              >
                {t('rfm.toSegment', { box: `R${chosen.r} F${chosen.f}` })}
              </Button>
            )}
            <Limits rfm={rfm} />
          </div>
        </Panel>
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
              {
                id: 'n',
                header: t('rfm.values.customers'),
                align: 'end',
                cell: (g) => <span className="num">{number(g.customers)}</span>,
              },
              {
                id: 's',
                header: t('rfm.share'),
                align: 'end',
                cell: (g) => <span className="num">{percent(rfm.buyers > 0 ? g.customers / rfm.buyers : 0)}</span>,
              },
              {
                id: 'm',
                header: t('rfm.values.revenue'),
                align: 'end',
                cell: (g) => (
                  <span className="num" title={money(g.revenue, rfm.currency)}>
                    {moneyCompact(g.revenue, rfm.currency)}
                  </span>
                ),
              },
              {
                id: 'ms',
                header: t('rfm.revenueShare'),
                align: 'end',
                cell: (g) => <span className="num">{percent(g.share)}</span>,
              },
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
      </div>
    </div>
  );
}

function Limits({ rfm }: { rfm: Rfm }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact } = useFormat();
  const rows = [
    { key: 'r', values: (rfm.limits.r ?? []).map((v) => number(v)) },
    { key: 'f', values: (rfm.limits.f ?? []).map((v) => number(v)) },
    { key: 'm', values: (rfm.limits.m ?? []).map((v) => moneyCompact(Math.round(v), rfm.currency)) },
  ] as const;
  return (
    <table className={classes.limits} aria-label={t('rfm.limits')}>
      <thead>
        <tr>
          <th scope="col">{t('rfm.limits')}</th>
          {['20 %', '40 %', '60 %', '80 %'].map((q) => (
            <th key={q} scope="col">
              {q}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{t(`rfm.weight.${row.key}`)}</th>
            {row.values.map((v, i) => (
              <td key={`${row.key}${['20', '40', '60', '80'][i]}`}>{v}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
