// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { Sigma } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Status } from '@/shared/page';
import classes from './Finding.module.css';
import { statisticsColumns, type Statistics } from './findingApi';
import { FindingFrame } from './FindingFrame';
import { PairDetail, RegressionTable } from './StatisticsDetail';
import { useColumnName } from './useColumnName';

const tones = { none: 'grey', small: 'cyan', medium: 'teal', large: 'accent' } as const;

/** One column of customers against all others: effect first, then chance. */
export function StatisticsPage() {
  const { t } = useTranslation('mining');
  const name = useColumnName();
  const [column, setColumn] = useState<string | null>('revenue');
  return (
    <FindingFrame<Statistics>
      kind="statistics"
      icon={Sigma}
      settings={column ? { column } : undefined}
      form={
        <Select
          label={t('finding.statistics.column')}
          data={statisticsColumns.map((value) => ({ value, label: name(value) }))}
          value={column}
          onChange={setColumn}
          searchable
          allowDeselect={false}
          w={240}
        />
      }
    >
      {(result) => <StatisticsResult key={result.settings.column} result={result} />}
    </FindingFrame>
  );
}

function StatisticsResult({ result }: { result: Statistics }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const label = useLabel();
  const name = useColumnName();
  const [chosen, setChosen] = useState(result.pairs[0]?.column);
  const pair = result.pairs.find((one) => one.column === chosen) ?? result.pairs[0];
  const real = result.pairs.filter((one) => one.p_adjusted <= 0.05 && one.strength !== 'none');
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        <p>
          {t('finding.statistics.summary', {
            column: name(result.settings.column),
            n: number(result.customers),
            tests: number(result.pairs.length),
            real: number(real.length),
          })}
        </p>
        <p>
          {t('finding.statistics.many', { tests: number(result.pairs.length), chance: number(result.by_chance, 1) })}
        </p>
      </div>
      <div className={classes.split}>
        <Panel title={t('finding.statistics.pairs', { column: name(result.settings.column) })} flush>
          <SimpleTable
            label={t('finding.statistics.pairs', { column: name(result.settings.column) })}
            rows={result.pairs}
            rowKey={(row) => row.column}
            onOpen={(row) => setChosen(row.column)}
            columns={[
              {
                id: 'c',
                header: t('finding.statistics.with'),
                cell: (row) => (row === pair ? <strong>{name(row.column)}</strong> : name(row.column)),
              },
              {
                id: 's',
                header: t('finding.statistics.strength'),
                cell: (row) => <Status tone={tones[row.strength]}>{t(`finding.strengths.${row.strength}`)}</Status>,
              },
              {
                id: 'e',
                header: t('finding.statistics.effect'),
                align: 'end',
                cell: (row) => (
                  <span className="num" title={t(`finding.effects.${row.effect_name}`)}>
                    {number(row.effect, 2)}
                  </span>
                ),
              },
              {
                id: 'p',
                header: t('finding.statistics.adjusted'),
                align: 'end',
                cell: (row) => (
                  <span className="num">{row.p_adjusted < 0.001 ? '< 0.001' : number(row.p_adjusted, 3)}</span>
                ),
              },
            ]}
          />
        </Panel>
        {pair && (
          <Panel title={`${name(result.settings.column)} · ${name(pair.column)}`}>
            <p className={classes.words}>{label(pair.statement)}</p>
            <PairDetail pair={pair} subject={result.settings.column} />
          </Panel>
        )}
      </div>
      {result.regression && <RegressionTable result={result} />}
    </div>
  );
}
