// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Facts, Panel, Query, Stat } from '@/shared/page';
import { forecastQuery, type Campaign, type Forecast } from '../api';
import styles from './Edit.module.css';

function Advice({ campaign, forecast }: { campaign: Campaign; forecast: Forecast }) {
  const { t } = useTranslation('campaign');
  const { number, percent } = useFormat();
  const remarks: string[] = [];
  if (forecast.order_value === 0) return <p className="dim">{t('forecast.noHistory')}</p>;
  if (forecast.lift === 0) remarks.push(t('forecast.noLift', { from: percent(forecast.detectable, 2) }));
  else if (forecast.needed_control === 0) remarks.push(t('forecast.cannotShow'));
  else if (forecast.needed_control > forecast.control)
    remarks.push(t('forecast.moreControl', { shown: number(forecast.needed_control) }));
  if (forecast.break_even === undefined && forecast.cost.total > 0) remarks.push(t('forecast.neverPays'));
  else if (forecast.break_even !== undefined && forecast.lift > 0 && forecast.lift < forecast.break_even)
    remarks.push(t('forecast.belowBreakEven'));
  if (forecast.is_over_budget) remarks.push(t('forecast.overBudget'));
  if (campaign.intent.target && campaign.intent.objective !== 'revenue' && forecast.added < campaign.intent.target)
    remarks.push(t('forecast.belowTarget'));
  return (
    <>
      {remarks.map((remark) => (
        <div key={remark} className={styles.hint} data-weak role="status">
          <TriangleAlert size={16} aria-hidden />
          <div>{remark}</div>
        </div>
      ))}
    </>
  );
}

/** What the campaign can be expected to bring and cost, from what the segment did lately. */
export function ForecastPanel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { number, money, moneyCompact, percent } = useFormat();
  const result = useQuery(forecastQuery(campaign));
  const asMoney = (value: number) => money(value, campaign.currency);
  return (
    <Panel title={t('forecast.title')} aside={t('forecast.window', { count: campaign.window_days })}>
      <Query result={result}>
        {(forecast) => (
          <div className={styles.form}>
            <div className={styles.stats}>
              <Stat label={t('forecast.added')} value={number(Math.round(forecast.added))} />
              <Stat label={t('forecast.margin')} value={moneyCompact(forecast.margin, campaign.currency)} />
              <Stat label={t('forecast.cost')} value={moneyCompact(forecast.cost.total, campaign.currency)} />
              <Stat
                label="ROI"
                value={forecast.roi === undefined || forecast.lift === 0 ? '–' : percent(forecast.roi, 0)}
                tone={forecast.roi === undefined || forecast.lift === 0 ? undefined : forecast.roi > 0 ? 'good' : 'bad'}
              />
            </div>
            <Facts
              labelWidth={130}
              facts={[
                {
                  label: t('forecast.rate'),
                  value: t('forecast.rateOf', {
                    rate: percent(forecast.rate, 2),
                    buyers: number(forecast.baseline.buyers),
                    people: number(forecast.baseline.people),
                    windows: number(forecast.baseline.windows),
                  }),
                },
                { label: t('forecast.orderValue'), value: asMoney(forecast.order_value) },
                {
                  label: t('forecast.breakEven'),
                  value: forecast.break_even === undefined ? '–' : `+${percent(forecast.break_even, 2)}p`,
                },
                {
                  label: t('forecast.costs'),
                  value: t('forecast.costsOf', {
                    fixed: asMoney(forecast.cost.fixed),
                    messages: asMoney(forecast.cost.messages),
                    incentive: asMoney(forecast.cost.incentive),
                  }),
                },
                {
                  label: t('forecast.needed'),
                  value:
                    forecast.needed_control > 0
                      ? t('forecast.neededOf', {
                          shown: number(forecast.needed_control),
                          now: number(forecast.control),
                        })
                      : '–',
                },
              ]}
            />
            <Advice campaign={campaign} forecast={forecast} />
          </div>
        )}
      </Query>
    </Panel>
  );
}
