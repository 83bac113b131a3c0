// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ClipboardCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { Chart } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, Stat } from '@/shared/page';
import { scoresQuery, type Scores } from './api';
import { Definitions } from './Definitions';
import { Matrix } from './Matrix';
import classes from './Quality.module.css';

/** Scores of the golden records, the sources by field, departments and the trend. */
export function ScoresView() {
  const { t } = useTranslation('dataquality');
  const result = useQuery(scoresQuery);
  return (
    <Query result={result}>
      {(scores) =>
        scores.on ? (
          <Body scores={scores} />
        ) : (
          <EmptyState
            icon={ClipboardCheck}
            title={t(scores.scanning ? 'scanning' : 'none')}
            text={t(scores.scanning ? 'scanningText' : 'noneText')}
          />
        )
      }
    </Query>
  );
}

const percent = (value: number) => `${value.toFixed(1)}%`;

function Body({ scores }: { scores: Scores }) {
  const { t } = useTranslation('dataquality');
  return (
    <div className={classes.stack}>
      <div className={classes.stats}>
        <Stat label={t('score')} value={percent(scores.golden.score)} note={t('scoreNote')} />
        {scores.golden.rates.map((rate) => (
          <Stat
            key={rate.dimension}
            label={t(`dimension.${rate.dimension as 'validity'}`)}
            value={percent(rate.percent)}
          />
        ))}
      </div>
      <Matrix scores={scores} />
      <div className={classes.two}>
        <Trend scores={scores} />
        <Bands scores={scores} />
      </div>
      <div className={classes.two}>
        <Groups scores={scores} />
        <Causes scores={scores} />
      </div>
      <Definitions />
    </div>
  );
}

function Trend({ scores }: { scores: Scores }) {
  const { t } = useTranslation('dataquality');
  if (scores.trend.length < 2)
    return (
      <Panel title={t('trend')}>
        <p className="dim" style={{ margin: 0 }}>
          {t('trendLater')}
        </p>
      </Panel>
    );
  const dimensions = scores.golden.rates.map((rate) => rate.dimension);
  return (
    <Panel title={t('trend')}>
      <Chart
        label={t('trend')}
        height={240}
        option={{
          legend: {},
          xAxis: { type: 'category', data: scores.trend.map((day) => day.name.slice(5)) },
          yAxis: { type: 'value', max: 100, scale: true },
          series: dimensions.map((dimension) => ({
            type: 'line',
            name: t(`dimension.${dimension as 'validity'}`),
            data: scores.trend.map((day) =>
              Number((day.rates.find((rate) => rate.dimension === dimension)?.percent ?? 0).toFixed(1)),
            ),
          })),
        }}
      />
    </Panel>
  );
}

function Bands({ scores }: { scores: Scores }) {
  const { t } = useTranslation('dataquality');
  return (
    <Panel title={t('bands')}>
      <Chart
        label={t('bands')}
        height={240}
        option={{
          xAxis: { type: 'category', data: scores.bands.map((_, i) => `${i * 10}–${i === 9 ? 100 : i * 10 + 9}`) },
          yAxis: { type: 'value' },
          series: [{ type: 'bar', data: [...scores.bands], name: t('people') }],
        }}
      />
    </Panel>
  );
}

function Groups({ scores }: { scores: Scores }) {
  const { t } = useTranslation('dataquality');
  const list = scores.departments.map((group) => ({
    key: group.name,
    name: group.name,
    score: group.score,
    search: { department: group.name },
  }));
  return (
    <Panel title={t('departments')} flush>
      <ul className={classes.list}>
        {list.map((one) => (
          <li key={one.key}>
            <Link to="/quality/issues" search={one.search}>
              {one.name}
            </Link>
            <span className={classes.meter} style={{ '--share': `${one.score}%` } as React.CSSProperties} />
            <span className="num">{percent(one.score)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Causes({ scores }: { scores: Scores }) {
  const { t } = useTranslation('dataquality');
  const { number } = useFormat();
  return (
    <Panel title={t('causes')} flush>
      <ul className={classes.list}>
        {scores.groups.slice(0, 10).map((group) => (
          <li key={`${group.kind}:${group.field}:${group.source_id}:${group.code}`}>
            <Link
              to="/quality/issues"
              search={{
                kind: group.kind,
                field: group.field,
                source_id: group.source_id || undefined,
                code: group.code || undefined,
              }}
            >
              {translate(`dataquality:kind.${group.kind}`, group.kind)}
              {group.field !== '*' && ` · ${translate(`customer:field.${group.field}`, group.field)}`}
              {group.code && (
                <small className="dim">
                  {' '}
                  {translate(`intake:code.${group.code.replaceAll('.', '_')}`, group.code)}
                </small>
              )}
            </Link>
            <span className="dim">
              {scores.sources.find((source) => source.source_id === group.source_id)?.name ?? ''}
            </span>
            <span className="num">{number(group.count)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
