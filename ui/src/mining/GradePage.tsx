// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, MultiSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { tellFault } from '@/app/faults';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { minorDigits } from '@/shared/format/formatters';
import { Page, Panel, Query, SimpleTable, Stat, tell } from '@/shared/page';
import { Flow } from './Flow';
import { GradeHistory } from './GradeHistory';
import { GradeOverdue } from './GradeOverdue';
import classes from './Rfm.module.css';
import { RunProgress, runsQuery, startRun } from './run';
import form from './value/Value.module.css';
import { useSegment } from './useSegment';

interface Level {
  name: string;
  revenue: number;
  orders: number;
  is_either?: boolean;
  keep_months?: number;
  seen?: string[];
}

interface Rules {
  months: number;
  notice_days: number;
  is_erasing?: boolean;
  levels: Level[];
}

interface Version {
  id: number;
  rules: Rules;
  note?: string;
  from_on: string;
  is_active: boolean;
}

interface Grades {
  currency: string;
  versions: Version[] | null;
  levels: { grade: string; customers: number; falling: number }[] | null;
  data: string[];
}

interface Moves {
  from: string[];
  to: string[];
  customers: number[][];
  revenue: number[];
  up: number;
  down: number;
  same: number;
  new: number;
}

const gradesQuery = queryOptions({
  queryKey: ['mining-grades'],
  queryFn: ({ signal }) => api.get<Grades>('/api/mining/grades', { signal }),
});

const usual = (names: string[], unit: number): Rules => ({
  months: 12,
  notice_days: 30,
  levels: [1_000_000, 500_000, 200_000, 0].map((revenue, i) => ({
    name: names[i] ?? '',
    revenue: revenue * unit,
    orders: 0,
    seen: ['contact', 'purchases', 'campaigns', 'relations', 'attributes', 'memo'],
  })),
});

/** Grades of customers: the rules in force, what other rules would do, who is about to fall. */
export function GradePage() {
  const { t } = useTranslation('mining');
  const result = useQuery(gradesQuery);
  return (
    <Page title={t('grade.title')}>
      <Query result={result}>{(grades) => <GradeBody grades={grades} />}</Query>
    </Page>
  );
}

function GradeBody({ grades }: { grades: Grades }) {
  const { t } = useTranslation('mining');
  const { number, date } = useFormat();
  const segment = useSegment();
  const versions = grades.versions ?? [];
  const levels = grades.levels ?? [];
  const all = levels.reduce((sum, level) => sum + level.customers, 0);
  const falling = levels.reduce((sum, level) => sum + level.falling, 0);
  const unit = 10 ** minorDigits(grades.currency);
  const active = versions.find((version) => version.is_active) ?? versions[0];
  return (
    <div className={classes.stack}>
      <p>{t('grade.lead')}</p>
      <GiveGrades has={versions.some((version) => version.is_active)} />
      {levels.length > 0 && (
        <Panel title={t('grade.now')} flush>
          <SimpleTable
            label={t('grade.now')}
            rows={levels}
            rowKey={(level) => level.grade}
            columns={[
              { id: 'g', header: t('grade.grade'), cell: (level) => <b>{level.grade}</b> },
              { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (level) => number(level.customers) },
              {
                id: 's',
                header: t('rfm.share'),
                align: 'end',
                cell: (level) => `${number((100 * level.customers) / Math.max(1, all), 1)} %`,
              },
              { id: 'f', header: t('grade.falling'), align: 'end', cell: (level) => number(level.falling) },
              {
                id: 'go',
                header: '',
                align: 'end',
                cell: (level) => (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    onClick={() => segment(level.grade, { field: 'member_grade', is: 'eq', value: level.grade })}
                  >
                    {t('rfm.segment')}
                  </Button>
                ),
              },
            ]}
          />
        </Panel>
      )}
      {falling > 0 && (
        <Panel title={t('grade.notice')}>
          <p>{t('grade.noticeText', { n: number(falling) })}</p>
          <Button
            variant="default"
            onClick={() => segment(t('grade.notice'), { field: 'member_grade_falls_on', is: 'is_set' })}
          >
            {t('grade.noticeGo')}
          </Button>
        </Panel>
      )}
      <RulesEditor
        key={active?.id ?? 0}
        start={active?.rules ?? usual([t('grade.best'), t('grade.second'), t('grade.third'), t('grade.base')], unit)}
        currency={grades.currency}
        data={grades.data}
      />
      {levels.length > 0 && <GradeOverdue />}
      {levels.length > 0 && <GradeHistory />}
      {versions.length > 0 && (
        <Panel title={t('grade.versions')} flush>
          <SimpleTable
            label={t('grade.versions')}
            rows={versions}
            rowKey={(version) => version.id}
            columns={[
              { id: 'i', header: t('grade.version'), cell: (version) => version.id },
              { id: 'f', header: t('grade.fromOn'), cell: (version) => date(version.from_on) },
              { id: 'a', header: '', cell: (version) => (version.is_active ? <b>{t('grade.active')}</b> : '') },
              {
                id: 'l',
                header: t('grade.levels'),
                cell: (version) => version.rules.levels.map((l) => l.name).join(' › '),
              },
              { id: 'n', header: t('grade.note'), cell: (version) => version.note ?? '' },
            ]}
          />
        </Panel>
      )}
    </div>
  );
}

/** Starts the run that gives grades, and shows how far it is. */
function GiveGrades({ has }: { has: boolean }) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const cache = useQueryClient();
  const runs = useQuery(runsQuery('grade'));
  const running = runs.data?.items?.find((run) => run.state === 'running');
  const refresh = () => {
    void cache.invalidateQueries({ queryKey: ['mining-runs', 'grade'] });
    void cache.invalidateQueries({ queryKey: gradesQuery.queryKey });
  };
  const give = useMutation({ mutationFn: () => startRun('grade', {}), onSuccess: refresh, onError: tellFault });
  if (running?.job_id) return <RunProgress run={running} onEnd={refresh} />;
  if (!can('mining:update') || !has) return null;
  return (
    <div>
      <Button loading={give.isPending} onClick={() => give.mutate()}>
        {t('grade.give')}
      </Button>{' '}
      <span className="dim">{t('grade.daily')}</span>
    </div>
  );
}

function RulesEditor({ start, currency, data }: { start: Rules; currency: string; data: string[] }) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const cache = useQueryClient();
  const unit = 10 ** minorDigits(currency);
  const [rules, setRules] = useState(start);
  const [note, setNote] = useState('');
  const [fromOn, setFromOn] = useState<string | null>(null);
  const change = (at: number, part: Partial<Level>) =>
    setRules({ ...rules, levels: rules.levels.map((level, i) => (i === at ? { ...level, ...part } : level)) });
  const simulate = useMutation({
    mutationFn: () => api.post<Moves>('/api/mining/grades/simulation', { body: rules }),
    onError: tellFault,
  });
  const save = useMutation({
    mutationFn: () => api.post('/api/mining/grades', { body: { rules, note, from_on: fromOn ?? undefined } }),
    onError: tellFault,
    onSuccess: () => {
      tell(t('grade.saved'));
      void cache.invalidateQueries({ queryKey: gradesQuery.queryKey });
    },
  });
  const last = rules.levels.length - 1;
  return (
    <Panel title={t('grade.rules')} aside={t('grade.rulesNote')}>
      <div className={classes.stack}>
        <div className={form.form}>
          <NumberInput
            label={t('grade.months')}
            value={rules.months}
            min={1}
            max={600}
            onChange={(v) => typeof v === 'number' && setRules({ ...rules, months: v })}
          />
          <NumberInput
            label={t('grade.noticeDays')}
            value={rules.notice_days}
            min={0}
            max={365}
            onChange={(v) => typeof v === 'number' && setRules({ ...rules, notice_days: v })}
          />
        </div>
        <SimpleTable
          label={t('grade.rules')}
          stack
          rows={rules.levels.map((level, at) => ({ ...level, at }))}
          rowKey={(level) => level.at}
          columns={[
            {
              id: 'n',
              header: t('grade.grade'),
              cell: (level) => (
                <TextInput
                  aria-label={`${t('grade.grade')} ${level.at + 1}`}
                  value={level.name}
                  maxLength={40}
                  onChange={(event) => change(level.at, { name: event.currentTarget.value })}
                />
              ),
            },
            {
              id: 'r',
              header: t('grade.revenue'),
              cell: (level) => (
                <NumberInput
                  aria-label={`${t('grade.revenue')} ${level.name}`}
                  value={level.revenue / unit}
                  min={0}
                  thousandSeparator
                  disabled={level.at === last}
                  onChange={(v) => typeof v === 'number' && change(level.at, { revenue: Math.round(v * unit) })}
                />
              ),
            },
            {
              id: 'o',
              header: t('grade.orders'),
              cell: (level) => (
                <NumberInput
                  aria-label={`${t('grade.orders')} ${level.name}`}
                  value={level.orders}
                  min={0}
                  w={90}
                  disabled={level.at === last}
                  onChange={(v) => typeof v === 'number' && change(level.at, { orders: v })}
                />
              ),
            },
            {
              id: 'e',
              header: t('grade.either'),
              cell: (level) => (
                <Checkbox
                  aria-label={`${t('grade.either')} ${level.name}`}
                  checked={level.is_either ?? false}
                  disabled={level.at === last}
                  onChange={(event) => change(level.at, { is_either: event.currentTarget.checked })}
                />
              ),
            },
            {
              id: 'k',
              header: t('grade.keep'),
              cell: (level) => (
                <NumberInput
                  aria-label={`${t('grade.keep')} ${level.name}`}
                  value={level.keep_months ?? 0}
                  min={0}
                  max={600}
                  w={90}
                  onChange={(v) => typeof v === 'number' && change(level.at, { keep_months: v })}
                />
              ),
            },
            {
              id: 's',
              header: t('grade.seen'),
              width: 280,
              cell: (level) => (
                <MultiSelect
                  w="min(260px, 52vw)"
                  aria-label={`${t('grade.seen')} ${level.name}`}
                  data={data.map((kind) => ({ value: kind, label: t(`grade.data.${kind}` as 'grade.data.memo') }))}
                  value={level.seen ?? []}
                  placeholder={(level.seen ?? []).length === 0 ? t('grade.seenAll') : undefined}
                  onChange={(seen) => change(level.at, { seen })}
                />
              ),
            },
            {
              id: 'x',
              header: '',
              cell: (level) =>
                rules.levels.length > 2 && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={t('grade.remove', { name: level.name })}
                    onClick={() => setRules({ ...rules, levels: rules.levels.filter((_, i) => i !== level.at) })}
                  >
                    <Trash2 size={14} aria-hidden />
                  </Button>
                ),
            },
          ]}
        />
        <p className="dim">{t('grade.seenNote')}</p>
        {rules.levels.some((level) => (level.keep_months ?? 0) > 0) && (
          <Checkbox
            label={t('grade.erasing')}
            description={t('grade.erasingNote')}
            checked={rules.is_erasing ?? false}
            disabled={!can('mining:update')}
            onChange={(event) => setRules({ ...rules, is_erasing: event.currentTarget.checked })}
          />
        )}
        {can('mining:update') && (
          <>
            <span className={classes.buttons}>
              <Button
                variant="default"
                leftSection={<Plus size={14} aria-hidden />}
                disabled={rules.levels.length >= 10}
                onClick={() =>
                  setRules({
                    ...rules,
                    levels: [{ name: '', revenue: (rules.levels[0]?.revenue ?? 0) * 2, orders: 0 }, ...rules.levels],
                  })
                }
              >
                {t('grade.add')}
              </Button>
              <Button loading={simulate.isPending} onClick={() => simulate.mutate()}>
                {t('grade.simulate')}
              </Button>
            </span>
            {simulate.data && <Simulation moves={simulate.data} currency={currency} />}
            <div className={form.form}>
              <DateInput
                label={t('grade.fromOn')}
                placeholder={t('grade.todayOn')}
                valueFormat="YYYY-MM-DD"
                minDate={new Date()}
                value={fromOn}
                onChange={setFromOn}
                clearable
              />
              <Textarea
                label={t('grade.note')}
                value={note}
                maxLength={300}
                autosize
                onChange={(event) => setNote(event.currentTarget.value)}
              />
            </div>
            <div>
              <Button loading={save.isPending} onClick={() => save.mutate()}>
                {t('grade.save')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

/** Who would move by the rules on the screen. */
function Simulation({ moves, currency }: { moves: Moves; currency: string }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact } = useFormat();
  const segment = useSegment();
  const names = moves.from.map((name) => name || t('grade.none'));
  // Flow draws a square: columns of grades that no rule gives stay empty.
  const square = moves.customers.map((row) => moves.from.map((name) => row[moves.to.indexOf(name)] ?? 0));
  return (
    <div className={classes.chosen} role="region" aria-label={t('grade.simulation')}>
      <div className={classes.stats}>
        {(['up', 'down', 'same', 'new'] as const).map((way) => (
          <Stat
            key={way}
            label={t(`grade.ways.${way}`)}
            value={number(moves[way])}
            note={
              moves[way] > 0 && way !== 'same' ? (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => segment(t(`grade.ways.${way}`), { field: 'grade_move', is: 'eq', value: way })}
                >
                  {t('rfm.segment')}
                </Button>
              ) : undefined
            }
          />
        ))}
        {moves.to.map((name, i) => (
          <Stat key={name} label={name} value={moneyCompact(moves.revenue[i] ?? 0, currency)} note={t('rfm.revenue')} />
        ))}
      </div>
      <Flow label={t('grade.simulation')} names={names} moves={square} withShares />
    </div>
  );
}
