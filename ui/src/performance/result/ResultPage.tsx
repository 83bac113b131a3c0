// SPDX-License-Identifier: Apache-2.0
import { ActionIcon, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ArrowLeft, CopyPlus, Lightbulb, RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useCan } from '@/app/session';
import { Ago, useFormat } from '@/shared/format';
import { Page, Panel, Query, Stat, Status } from '@/shared/page';
import { adviceOf } from '../advice';
import { campaignQuery, isCompared, planNext, resultQuery, type Result } from '../api';
import { Arms } from './Arms';
import { Costs } from './Costs';
import { Funnel } from './Funnel';
import { MoneyPanel } from './Money';
import { AttributionPanel, PartsPanel, PlanPanel, VariantsPanel } from './Parts';
import { ProductsPanel } from './Products';
import { Sentence } from './Sentence';
import styles from './Result.module.css';

function NextSteps({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const codes = adviceOf(result);
  if (codes.length === 0) return null;
  return (
    <Panel title={t('next.title')}>
      <ul className={styles.next}>
        {codes.map((code) => (
          <li key={code}>
            <Lightbulb size={15} aria-hidden />
            {t(`next.${code}`)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Whether a result can still change, and of when it is. */
export function ResultAge({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  return (
    <>
      <Status tone={result.window.is_complete ? 'teal' : 'cyan'}>
        {t(result.window.is_complete ? 'final' : 'running')}
      </Status>
      <span>
        {t('evaluated')} <Ago at={result.evaluated_at} />
      </span>
    </>
  );
}

/** The money of a result in four tiles. */
export function Headline({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { money, moneyCompact, percent } = useFormat();
  const { incremental_revenue: revenue, currency } = result;
  const roi = isCompared(result) ? result.roi : undefined;
  const over =
    result.budget && result.cost.total > result.budget
      ? t('overBudget', { budget: money(result.budget, currency) })
      : undefined;
  const range = (low: number, high: number, write: (value: number) => string) => `${write(low)} – ${write(high)}`;
  const asMoney = (value: number) => moneyCompact(Math.round(value), currency);
  return (
    <div className={styles.headline}>
      <Stat
        label={t('money.revenue')}
        value={isCompared(result) ? asMoney(revenue.value) : '–'}
        note={isCompared(result) ? t('interval', { range: range(revenue.low, revenue.high, asMoney) }) : undefined}
      />
      <Stat
        label={t('cost.title')}
        value={money(result.cost.total, currency)}
        note={over}
        tone={over ? 'bad' : undefined}
      />
      <Stat
        label="ROI"
        value={roi ? percent(roi.value, 0) : '–'}
        note={roi && t('interval', { range: range(roi.low, roi.high, (value) => percent(value, 0)) })}
        tone={roi && roi.low > 0 ? 'good' : roi && roi.high < 0 ? 'bad' : undefined}
      />
      <Stat
        label={t('funnel.unsubscribed')}
        value={percent(result.unsubscribe_rate, 2)}
        note={t('people', { count: result.counts.unsubscribed })}
      />
    </div>
  );
}

/** What a campaign brought, against those who got nothing. */
export function ResultPage() {
  const { t } = useTranslation('performance');
  const id = Number(useParams({ from: '/shell/campaigns/$id/result' }).id);
  const can = useCan();
  const queries = useQueryClient();
  const result = useQuery(resultQuery(id));
  const evaluate = useMutation({
    mutationFn: () => api.post<Result>('/api/campaigns/{id}/evaluate', { path: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['campaigns', id, 'result'] }),
  });
  const navigate = useNavigate();
  const next = useMutation({
    mutationFn: () => planNext(id),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      await navigate({ to: '/campaigns/$id/edit', params: { id: String(made.id) }, search: { step: 'goal' } });
    },
  });
  const data = result.data;
  const { data: campaign } = useQuery(campaignQuery(id));
  return (
    <Page
      title={campaign ? t('resultOf', { name: campaign.name }) : t('result')}
      before={
        <ActionIcon
          aria-label={t('toCampaign')}
          renderRoot={(props) => <Link to="/campaigns/$id" params={{ id: String(id) }} {...props} />}
        >
          <ArrowLeft size={16} />
        </ActionIcon>
      }
      aside={data && <ResultAge result={data} />}
      actions={
        <>
          {can('campaign:create') && data?.window.from && (
            <Button leftSection={<CopyPlus size={14} />} loading={next.isPending} onClick={() => next.mutate()}>
              {t('planNext')}
            </Button>
          )}
          {can('performance:evaluate') && (
            <Button
              variant="default"
              leftSection={<RotateCw size={14} />}
              loading={evaluate.isPending}
              onClick={() => evaluate.mutate()}
            >
              {t('evaluate')}
            </Button>
          )}
        </>
      }
    >
      <Query result={result}>
        {(found) => (
          <>
            <Sentence result={found} />
            <Headline result={found} />
            <div className={styles.split}>
              <div className={styles.column}>
                <Arms result={found} />
                {isCompared(found) && <MoneyPanel result={found} />}
                <VariantsPanel result={found} />
                <PartsPanel result={found} />
                <ProductsPanel result={found} />
              </div>
              <div className={styles.column}>
                <NextSteps result={found} />
                <Funnel result={found} />
                <Costs result={found} />
                <PlanPanel result={found} />
                <AttributionPanel result={found} />
              </div>
            </div>
          </>
        )}
      </Query>
    </Page>
  );
}
