// SPDX-License-Identifier: Apache-2.0
import { Select, Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import classes from './Finding.module.css';
import type { Recommendation } from './findingApi';
import { FindingFrame } from './FindingFrame';
import { useSegmentColumn } from './useSegmentColumn';

const spans = [6, 12, 24, 0] as const;

/** What every customer may want next, tested on the latest purchases. */
export function RecommendationPage() {
  const { t } = useTranslation('mining');
  const [months, setMonths] = useState('24');
  const [deploy, setDeploy] = useState(true);
  return (
    <FindingFrame<Recommendation>
      kind="recommendation"
      icon={Sparkles}
      settings={{ months: Number(months), deploy }}
      form={
        <>
          <Select
            label={t('finding.recommendation.months')}
            data={spans.map((n) => ({
              value: String(n),
              label: n === 0 ? t('finding.recommendation.all') : t('finding.recommendation.span', { n }),
            }))}
            value={months}
            allowDeselect={false}
            onChange={(value) => value && setMonths(value)}
            w={180}
          />
          <Switch
            label={t('finding.recommendation.deploy')}
            checked={deploy}
            onChange={(event) => setDeploy(event.currentTarget.checked)}
            mb={8}
          />
        </>
      }
    >
      {(result) => <RecommendationResult result={result} />}
    </FindingFrame>
  );
}

function RecommendationResult({ result }: { result: Recommendation }) {
  const { t } = useTranslation('mining');
  const { number, percent, date } = useFormat();
  const segment = useSegmentColumn<NonNullable<Recommendation['top']>[number]>();
  const { compared } = result;
  const popular = compared.methods[0];
  const chosen = compared.methods.find((m) => m.is_chosen) ?? popular;
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        <p>
          {chosen &&
            popular &&
            t(chosen === popular ? 'finding.recommendation.plain' : 'finding.recommendation.better', {
              method: t(`finding.recommendation.methods.${chosen.method}`),
              recall: percent(chosen.recall, 1),
              popular: percent(popular.recall, 1),
              n: compared.at,
              customers: number(compared.customers),
              day: date(result.cut_on),
            })}
        </p>
        {result.is_deployed && <p>{t('finding.recommendation.deployed')}</p>}
      </div>
      <div className={classes.stats}>
        <Stat label={t('rfm.values.customers')} value={number(result.customers)} />
        <Stat label={t('finding.recommendation.products')} value={number(result.products)} />
        <Stat
          label={t('finding.recommendation.tested')}
          value={number(compared.customers)}
          note={date(result.cut_on)}
        />
      </div>
      <div className={classes.split}>
        <Panel title={t('finding.recommendation.compare')} flush>
          <SimpleTable
            label={t('finding.recommendation.compare')}
            rows={compared.methods}
            rowKey={(row) => row.method}
            columns={[
              {
                id: 'm',
                header: t('finding.prediction.model'),
                cell: (row) => {
                  const name = t(`finding.recommendation.methods.${row.method}`);
                  return row.is_chosen ? <strong>{name}</strong> : name;
                },
              },
              {
                id: 'r',
                header: t('finding.recommendation.recall', { n: compared.at }),
                align: 'end',
                cell: (row) => percent(row.recall, 1),
              },
              { id: 'n', header: 'NDCG', align: 'end', cell: (row) => number(row.ndcg, 3) },
              {
                id: 'c',
                header: t('finding.recommendation.coverage'),
                align: 'end',
                cell: (row) => percent(row.coverage),
              },
            ]}
          />
        </Panel>
        <Panel title={t('finding.recommendation.top')} flush>
          <SimpleTable
            label={t('finding.recommendation.top')}
            rows={result.top ?? []}
            rowKey={(row) => row.product}
            columns={[
              { id: 'p', header: t('finding.product'), cell: (row) => row.product },
              { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (row) => number(row.customers) },
              ...(result.is_deployed
                ? [
                    segment(
                      (row) => t('finding.recommendation.segment', { product: row.product }),
                      (row) => ({ field: 'next_offer', is: 'eq', value: row.product }),
                    ),
                  ]
                : []),
            ]}
          />
        </Panel>
      </div>
      <Panel title={t('finding.recommendation.examples')} flush>
        <SimpleTable
          label={t('finding.recommendation.examples')}
          rows={result.examples ?? []}
          rowKey={(row) => row.customer_id}
          columns={[
            {
              id: 'c',
              header: t('finding.customer'),
              cell: (row) => (
                <Link to="/customers/$id" params={{ id: String(row.customer_id) }}>
                  {t('finding.recommendation.number', { id: row.customer_id })}
                </Link>
              ),
            },
            { id: 'o', header: t('finding.recommendation.offer'), cell: (row) => row.offers[0]?.product },
            { id: 'b', header: t('finding.recommendation.because'), cell: (row) => row.offers[0]?.because ?? '–' },
            {
              id: 'n',
              header: t('finding.recommendation.then'),
              cell: (row) =>
                row.offers
                  .slice(1, 3)
                  .map((o) => o.product)
                  .join(', '),
            },
          ]}
        />
      </Panel>
    </div>
  );
}
