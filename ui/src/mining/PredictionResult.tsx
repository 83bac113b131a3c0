// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import classes from './Finding.module.css';
import type { Prediction, Reason } from './findingApi';

/** Words first, then the time line, pictures, the people with reasons. */
export function PredictionResult({ result }: { result: Prediction }) {
  const { t, i18n } = useTranslation('mining');
  const { number, percent } = useFormat();
  const { study } = result;
  const isKorean = i18n.language.startsWith('ko');
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        {study.statements.map((s) => (
          <p key={s.ko}>{isKorean ? s.ko : s.en}</p>
        ))}
        {result.drift?.should_retrain && <p>{t('finding.prediction.drift')}</p>}
      </div>
      <div className={classes.line} aria-label={t('finding.prediction.line')}>
        {(['learned_on', 'tested_on', 'scored_on'] as const).map((day) => (
          <div key={day}>
            <strong className="num">{result[day]}</strong>
            {t(`finding.prediction.${day}`)}
          </div>
        ))}
      </div>
      <div className={classes.stats}>
        <Stat
          label="AUC"
          value={number(study.test.auc, 3)}
          note={`${number(study.test.auc_low, 3)} – ${number(study.test.auc_high, 3)}`}
        />
        <Stat label={t('finding.prediction.lift')} value={`${number(study.test.lift_10, 2)}×`} />
        <Stat
          label={t('finding.prediction.model')}
          value={t(`finding.models.${study.model}` as 'finding.models.boost')}
        />
        <Stat label={t('finding.prediction.base')} value={percent(study.target.yes / Math.max(1, study.target.rows))} />
        {result.champion_auc !== undefined && (
          <Stat
            label={t('finding.prediction.champion')}
            value={number(result.champion_auc, 3)}
            note={`PSI ${number(result.drift?.score.psi ?? 0, 3)}`}
          />
        )}
      </div>
      <Pictures result={result} />
      <People result={result} />
    </div>
  );
}

function Pictures({ result }: { result: Prediction }) {
  const { t } = useTranslation('mining');
  const { percent } = useFormat();
  const { gains } = result.study.test;
  const top = result.study.importance.filter((i) => i.auc_loss > 0).slice(0, 8);
  const curve = useMemo(
    () => (theme: ChartTheme) => ({
      legend: { show: false },
      tooltip: { trigger: 'axis' as const, valueFormatter: (v: unknown) => percent(Number(v)) },
      xAxis: { type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      yAxis: { type: 'value' as const, min: 0, max: 1, axisLabel: { formatter: (v: number) => percent(v, 0) } },
      series: [
        {
          type: 'line' as const,
          name: t('finding.prediction.found'),
          showSymbol: false,
          areaStyle: { opacity: 0.12 },
          data: [[0, 0], ...gains.map((g) => [g.share, g.captured])],
        },
        {
          type: 'line' as const,
          name: t('finding.random'),
          showSymbol: false,
          lineStyle: { type: 'dashed' as const, color: theme.textDim, width: 1 },
          data: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    }),
    [gains, percent, t],
  );
  const bars = useMemo(
    () => () => ({
      legend: { show: false },
      grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: 'value' as const },
      yAxis: {
        type: 'category' as const,
        inverse: true,
        data: top.map((i) => t(`finding.columns.${i.column}` as 'finding.columns.orders', { defaultValue: i.column })),
      },
      series: [{ type: 'bar' as const, data: top.map((i) => i.auc_loss), barMaxWidth: 18 }],
    }),
    [top, t],
  );
  return (
    <div className={classes.split}>
      <Panel title={t('finding.prediction.gains')}>
        <Chart option={curve} height={300} label={t('finding.prediction.gains')} />
      </Panel>
      <Panel title={t('finding.prediction.importance')}>
        <Chart option={bars} height={300} label={t('finding.prediction.importance')} />
      </Panel>
    </div>
  );
}

function People({ result }: { result: Prediction }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const navigate = useNavigate();
  const field = result.settings.event === 'buys' ? 'buy_band' : 'leave_band';
  const toSegment = (band: string) =>
    void navigate({
      to: '/segments/$id',
      params: { id: '0' },
      search: {
        rules: { op: 'and', rules: [{ field, is: 'eq', value: band }] },
        name: t(`finding.bands.${band}` as 'finding.bands.high'),
      },
    });
  return (
    <div className={classes.split}>
      <Panel title={t('finding.prediction.bands')} flush>
        <SimpleTable
          label={t('finding.prediction.bands')}
          rows={result.bands}
          rowKey={(b) => b.band}
          columns={[
            { id: 'b', header: t('finding.prediction.band'), cell: (b) => t(`finding.bands.${b.band}`) },
            {
              id: 'n',
              header: t('rfm.values.customers'),
              align: 'end',
              cell: (b) => <span className="num">{number(b.customers)}</span>,
            },
            {
              id: 's',
              header: t('finding.prediction.score'),
              align: 'end',
              cell: (b) => <span className="num">{percent(b.mean_score)}</span>,
            },
            {
              id: 'a',
              header: '',
              align: 'end',
              cell: (b) =>
                result.is_deployed && (
                  <Button size="compact-xs" variant="light" onClick={() => toSegment(b.band)}>
                    {t('rfm.segment')}
                  </Button>
                ),
            },
          ]}
        />
      </Panel>
      <Panel title={t('finding.prediction.best')} flush>
        <SimpleTable
          label={t('finding.prediction.best')}
          rows={result.best}
          rowKey={(c) => c.customer_id}
          columns={[
            {
              id: 'c',
              header: t('finding.customer'),
              cell: (c) => (
                <Link to="/customers/$id" params={{ id: String(c.customer_id) }}>
                  {c.customer_id}
                </Link>
              ),
            },
            {
              id: 's',
              header: t('finding.prediction.score'),
              align: 'end',
              cell: (c) => <span className="num">{percent(c.score)}</span>,
            },
            { id: 'r', header: t('finding.prediction.reasons'), cell: (c) => <Reasons reasons={c.reasons} /> },
          ]}
        />
      </Panel>
    </div>
  );
}

function Reasons({ reasons }: { reasons: Reason[] | null }) {
  const { t } = useTranslation('mining');
  return (
    <span className={classes.reasons}>
      {(reasons ?? []).map((r) => (
        <span key={r.column}>
          {r.effect > 0 ? '▲' : '▼'}{' '}
          {t(`finding.columns.${r.column}` as 'finding.columns.orders', { defaultValue: r.column })} {rounded(r.value)}
        </span>
      ))}
    </span>
  );
}

function rounded(value: string): string {
  const number = Number(value);
  return value !== '' && Number.isFinite(number) ? Math.round(number).toLocaleString() : value;
}
