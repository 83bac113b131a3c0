// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import type { Rule } from '@/shared/filter';
import { Panel, SimpleTable } from '@/shared/page';
import { FindingMenu } from './actions';
import classes from './Finding.module.css';
import type { CrossTable, GroupTest, Statistics, StatisticsPair } from './findingApi';
import { useColumnName, useLevelName } from './useColumnName';

/** Columns of a comparison that are fields of customers too. */
const fields = new Set(['sex', 'sido', 'branch', 'grade', 'rfm_segment']);

/** The rule for one value of a column; undefined where no segment can ask for it. */
const ruleOf = (column: string, value: string): Rule | undefined =>
  fields.has(column) ? { field: column, is: 'eq', value } : undefined;

/** The chart and the table of one comparison. */
export function PairDetail({ pair, subject }: { pair: StatisticsPair; subject: string }) {
  if (pair.table) return <CrossDetail table={pair.table} rows={subject} columns={pair.column} p={pair.p} />;
  if (pair.groups) return <GroupDetail groups={pair.groups} pair={pair} subject={subject} />;
  return <LineDetail pair={pair} subject={subject} />;
}

/** Shares by row, drawn stronger where a cell holds more than chance gives. */
function CrossDetail({ table, rows, columns, p }: { table: CrossTable; rows: string; columns: string; p: number }) {
  const { t } = useTranslation('mining');
  const { percent, number } = useFormat();
  const name = useColumnName();
  const level = useLevelName();
  return (
    <>
      <SimpleTable
        label={`${name(rows)} × ${name(columns)}`}
        rows={table.rows.map((row, i) => ({ row, i, sum: table.counts[i]!.reduce((a, b) => a + b, 0) }))}
        rowKey={(row) => row.i}
        columns={[
          { id: 'r', header: name(rows), cell: (row) => level(rows, row.row) },
          ...table.columns.map((column, j) => ({
            id: `c${j}`,
            header: level(columns, column),
            align: 'end' as const,
            cell: (row: { i: number; sum: number }) => (
              <Cell
                share={percent((table.counts[row.i]?.[j] ?? 0) / Math.max(1, row.sum))}
                count={number(table.counts[row.i]?.[j] ?? 0)}
                residual={table.residuals[row.i]?.[j] ?? 0}
              />
            ),
          })),
          ...(fields.has(rows)
            ? [
                {
                  id: 'go',
                  header: '',
                  align: 'end' as const,
                  cell: (row: { row: string; i: number }) => (
                    <RowMenu table={table} row={row} rows={rows} columns={columns} />
                  ),
                },
              ]
            : []),
        ]}
      />
      <small>
        {t('finding.statistics.chi', {
          chi: number(table.chi_square, 1),
          degrees: number(table.degrees),
          p: p < 0.001 ? '< 0.001' : number(p, 3),
          v: number(table.cramer_v, 3),
        })}
        {table.is_thin && ` ${t('finding.statistics.thin')}`}
      </small>
    </>
  );
}

interface RowMenuProps {
  table: CrossTable;
  row: { row: string; i: number };
  rows: string;
  columns: string;
}

/** The people of a row, together with the column that stands out most in it. */
function RowMenu({ table, row, rows, columns }: RowMenuProps) {
  const level = useLevelName();
  const own = ruleOf(rows, row.row);
  if (!own) return null;
  const residuals = table.residuals[row.i] ?? [];
  const top = residuals.indexOf(Math.max(...residuals));
  const other = (residuals[top] ?? 0) >= 2 ? ruleOf(columns, table.columns[top] ?? '') : undefined;
  const name = level(rows, row.row) + (other ? ` · ${level(columns, table.columns[top] ?? '')}` : '');
  return <FindingMenu name={name} rules={other ? [own, other] : [own]} />;
}

function Cell({ share, count, residual }: { share: string; count: string; residual: number }) {
  const strength = Math.min(45, Math.max(0, (Math.abs(residual) - 2) * 8));
  const colour = residual > 0 ? 'var(--accent)' : 'var(--muted, gray)';
  return (
    <span
      className="num"
      title={`${count} (${residual.toFixed(1)})`}
      style={{
        background: `color-mix(in srgb, ${colour} ${strength}%, transparent)`,
        padding: '2px 4px',
        borderRadius: 4,
      }}
    >
      {share}
    </span>
  );
}

function GroupDetail({ groups, pair, subject }: { groups: GroupTest; pair: StatisticsPair; subject: string }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const name = useColumnName();
  const level = useLevelName();
  // One of both columns is the category; its levels are the groups.
  const category = pair.category_first ? subject : pair.column;
  const measure = pair.category_first ? pair.column : subject;
  const names = groups.groups.map((g) => level(category, g.name));
  // Amounts need no decimals, which would take the place of the menu.
  const figure = (x: number) => number(x, Math.abs(x) >= 1000 ? 0 : 1);
  const option = useMemo(
    () => () => ({
      legend: { show: false },
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => number(Number(v), 1) },
      xAxis: { type: 'category' as const, data: names },
      yAxis: { type: 'value' as const },
      series: [{ type: 'bar' as const, name: name(measure), data: groups.groups.map((g) => g.mean), barMaxWidth: 40 }],
    }),
    [groups, names, name, measure, number],
  );
  return (
    <>
      <Chart option={option} height={220} label={t('finding.statistics.means', { column: name(measure) })} />
      <SimpleTable
        label={t('finding.statistics.means', { column: name(measure) })}
        rows={groups.groups}
        rowKey={(row) => row.name}
        columns={[
          { id: 'g', header: name(category), cell: (row) => level(category, row.name) },
          { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (row) => number(row.n) },
          { id: 'm', header: t('finding.statistics.mean'), align: 'end', cell: (row) => figure(row.mean) },
          {
            id: 'i',
            header: t('finding.statistics.interval'),
            align: 'end',
            cell: (row) => `${figure(row.low)} – ${figure(row.high)}`,
          },
          { id: 'd', header: t('finding.statistics.median'), align: 'end', cell: (row) => figure(row.median) },
          {
            id: 'go',
            header: '',
            align: 'end',
            cell: (row) => {
              const rule = ruleOf(category, row.name);
              return rule && <FindingMenu name={`${name(category)}: ${level(category, row.name)}`} rules={[rule]} />;
            },
          },
        ]}
      />
      <small>
        {t(groups.groups.length === 2 ? 'finding.statistics.welch' : 'finding.statistics.anova', {
          value: number(groups.statistic, 2),
          p: groups.p < 0.001 ? '< 0.001' : number(groups.p, 3),
          rank: groups.rank_p < 0.001 ? '< 0.001' : number(groups.rank_p, 3),
          effect: number(groups.effect, 3),
        })}
      </small>
    </>
  );
}

function LineDetail({ pair, subject }: { pair: StatisticsPair; subject: string }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const name = useColumnName();
  const bins = pair.bins;
  const option = useMemo(
    () => () => ({
      legend: { show: false },
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => number(Number(v), 1) },
      xAxis: {
        type: 'category' as const,
        name: name(pair.column),
        data: (bins ?? []).map((b) => (b.from === b.to ? number(b.from) : `${number(b.from)}–${number(b.to)}`)),
      },
      yAxis: { type: 'value' as const },
      series: [{ type: 'line' as const, name: name(subject), data: (bins ?? []).map((b) => b.mean), symbolSize: 8 }],
    }),
    [bins, name, number, pair.column, subject],
  );
  const line = pair.correlation;
  return (
    <>
      <Chart
        option={option}
        height={260}
        label={t('finding.statistics.tenths', { column: name(subject), by: name(pair.column) })}
      />
      {line && (
        <small>
          {t('finding.statistics.correlation', {
            r: number(line.pearson, 3),
            low: number(line.low, 3),
            high: number(line.high, 3),
            rho: number(line.spearman, 3),
            n: number(line.n),
          })}
        </small>
      )}
    </>
  );
}

/** The number explained by all other columns at once. */
export function RegressionTable({ result }: { result: Statistics }) {
  const { t, i18n } = useTranslation('mining');
  const { number, percent } = useFormat();
  const name = useColumnName();
  const fit = result.regression;
  if (!fit) return null;
  const labels = i18n.language.startsWith('ko') ? result.terms_ko : result.terms_en;
  const rows = fit.terms
    .map((term, i) => ({ ...term, label: labels?.[i] ?? term.name }))
    .filter((term, i) => i === 0 || !term.is_aliased)
    .sort((a, b) => Math.abs(b.beta) - Math.abs(a.beta));
  const title = t('finding.statistics.regression', { column: name(result.settings.column) });
  return (
    <Panel title={title} aside={t('finding.statistics.explained', { share: percent(fit.r2), n: number(fit.n) })} flush>
      <div className={classes.tall}>
        <SimpleTable
          label={title}
          rows={rows}
          rowKey={(row) => row.name}
          columns={[
            { id: 't', header: t('finding.statistics.term'), cell: (row) => row.label },
            { id: 'e', header: t('finding.statistics.estimate'), align: 'end', cell: (row) => number(row.estimate, 3) },
            { id: 's', header: t('value.error'), align: 'end', cell: (row) => number(row.standard_error, 3) },
            {
              id: 'i',
              header: t('finding.statistics.interval'),
              align: 'end',
              cell: (row) => `${number(row.low, 2)} – ${number(row.high, 2)}`,
            },
            {
              id: 'p',
              header: 'p',
              align: 'end',
              cell: (row) => (row.p < 0.001 ? '< 0.001' : number(row.p, 3)),
            },
            { id: 'b', header: t('finding.statistics.beta'), align: 'end', cell: (row) => number(row.beta, 2) },
          ]}
        />
      </div>
    </Panel>
  );
}
