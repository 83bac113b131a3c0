// SPDX-License-Identifier: Apache-2.0
import { MultiSelect, Select } from '@mantine/core';
import { Shapes } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import classes from './Finding.module.css';
import { FindingMenu } from './actions';
import { ClusterTrials, TreeHeights } from './ClusterTrials';
import { clusterMeasures, type Clusters } from './findingApi';
import { FindingFrame } from './FindingFrame';
import { useColumnName } from './useColumnName';

/** Groups of buyers who are alike, with portraits. */
export function ClusterPage() {
  const { t } = useTranslation('mining');
  const name = useColumnName();
  const [k, setK] = useState('0');
  const [method, setMethod] = useState('kmeans');
  const [measures, setMeasures] = useState<string[]>(clusterMeasures.slice(0, 5));
  return (
    <FindingFrame<Clusters>
      kind="cluster"
      icon={Shapes}
      settings={measures.length > 0 ? { k: Number(k), method, measures } : undefined}
      form={
        <>
          <MultiSelect
            label={t('finding.cluster.measures')}
            data={clusterMeasures.map((value) => ({ value, label: name(value) }))}
            value={measures}
            onChange={setMeasures}
            w={420}
            maw="100%"
          />
          <Select
            label={t('finding.cluster.method')}
            data={(['kmeans', 'hierarchical'] as const).map((value) => ({
              value,
              label: t(`finding.cluster.methods.${value}`),
            }))}
            value={method}
            allowDeselect={false}
            onChange={(next) => next && setMethod(next)}
            w={200}
          />
          <Select
            label={t('finding.cluster.k')}
            data={['0', '2', '3', '4', '5', '6', '7', '8'].map((n) => ({
              value: n,
              label: n === '0' ? t('finding.cluster.auto') : n,
            }))}
            value={k}
            allowDeselect={false}
            onChange={(n) => n && setK(n)}
            w={180}
          />
        </>
      }
    >
      {(result, run) => <ClusterResult result={result} runId={run.id} />}
    </FindingFrame>
  );
}

function ClusterResult({ result, runId }: { result: Clusters; runId: number }) {
  const { t, i18n } = useTranslation('mining');
  const { number, percent } = useFormat();
  const column = (name: string) => t(`finding.columns.${name}` as 'finding.columns.orders', { defaultValue: name });
  const names = i18n.language.startsWith('ko') ? result.names_ko : result.names_en;
  const bars = useMemo(
    () => () => ({
      legend: { show: false },
      xAxis: { type: 'category' as const, data: result.portraits.map((p) => String(p.number)) },
      yAxis: { type: 'value' as const },
      series: [{ type: 'bar' as const, data: result.portraits.map((p) => p.size), barMaxWidth: 48 }],
    }),
    [result],
  );
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        <p>
          {result.k === 1
            ? t('finding.cluster.none')
            : t(result.stability < 0.7 ? 'finding.cluster.loose' : 'finding.cluster.firm', {
                k: result.k,
                stability: number(result.stability, 2),
              })}
        </p>
      </div>
      <div className={classes.stats}>
        <Stat label={t('rfm.values.customers')} value={number(result.customers)} />
        <Stat label={t('finding.cluster.k')} value={number(result.k)} />
        <Stat
          label={t('finding.cluster.stability')}
          value={number(result.stability, 2)}
          note={t('finding.cluster.stabilityNote')}
        />
        {result.sample && <Stat label={t('finding.cluster.sample')} value={number(result.sample)} />}
      </div>
      {(result.trials || result.heights) && (
        <div className={classes.split}>
          {result.trials && <ClusterTrials result={result} />}
          {result.heights && <TreeHeights heights={result.heights} />}
        </div>
      )}
      <div className={classes.split}>
        <Panel title={t('finding.cluster.sizes')}>
          <Chart option={bars} height={260} label={t('finding.cluster.sizes')} />
        </Panel>
        <Panel title={t('finding.cluster.portraits')} flush>
          <SimpleTable
            label={t('finding.cluster.portraits')}
            rows={result.portraits}
            rowKey={(p) => p.number}
            columns={[
              { id: 'n', header: '#', cell: (p) => `${p.number}. ${names[p.number - 1] ?? ''}` },
              {
                id: 's',
                header: t('rfm.values.customers'),
                align: 'end',
                cell: (p) => <span className="num">{number(p.size)}</span>,
              },
              {
                id: 'p',
                header: t('rfm.share'),
                align: 'end',
                cell: (p) => <span className="num">{percent(p.share)}</span>,
              },
              {
                id: 't',
                header: t('finding.cluster.traits'),
                cell: (p) => (
                  <span className={classes.reasons}>
                    {p.traits.slice(0, 4).map((trait) => (
                      <span key={trait.column + (trait.level ?? '')}>
                        {trait.level
                          ? `${column(trait.column)} ${trait.level} ${percent(trait.mean, 0)} (${percent(trait.overall, 0)})`
                          : `${column(trait.column)} ${number(trait.mean, 0)} (${number(trait.overall, 0)})`}
                      </span>
                    ))}
                  </span>
                ),
              },
              {
                id: 'go',
                header: '',
                align: 'end',
                cell: (p) => (
                  <FindingMenu
                    name={names[p.number - 1] ?? String(p.number)}
                    rules={[
                      { field: 'cluster_run', is: 'eq', value: runId },
                      { field: 'cluster_number', is: 'eq', value: p.number },
                    ]}
                  />
                ),
              },
            ]}
          />
          <p className={classes.inset}>{t('finding.cluster.members')}</p>
        </Panel>
      </div>
    </div>
  );
}
