// SPDX-License-Identifier: Apache-2.0
import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, type Label } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat, Status } from '@/shared/page';
import findings from '../Finding.module.css';
import { RunFrame, type Words } from '../run';
import own from '../run/Run.module.css';
import { SeriesPicker, useSeriesName, type SeriesAsk } from '../series';
import { Curve, PhasePlot, SeriesChart, Surrogates } from './ChaosCharts';

interface Point {
  step: string;
  value: number;
}

/** What a series is: noise, linear, or a rule of few dimensions. */
export interface Chaos {
  settings: SeriesAsk & { season: boolean };
  currency?: string;
  name?: string;
  series: Point[];
  looked: number[];
  ahead: Point[] | null;
  notes?: (Label & { code: string })[];
  data_through: string;
  result: {
    verdict: 'noise' | 'linear' | 'nonlinear' | 'chaos' | 'constant' | 'short';
    n: number;
    delay: number;
    dimension: number;
    lyapunov: number;
    lyapunov_fit: number;
    tested_error?: number;
    neighbour_error: number;
    linear_error: number;
    surrogates: number;
    rank: number;
    p: number;
    mutual_information: number[] | null;
    false_neighbours: number[] | null;
    divergence: number[] | null;
    error_by_step: number[] | null;
    surrogate_errors: number[] | null;
    words: Words;
  };
}

const tones = {
  chaos: 'accent',
  nonlinear: 'teal',
  linear: 'cyan',
  noise: 'grey',
  constant: 'grey',
  short: 'grey',
} as const;

/** Is what looks irregular chance, or does a rule drive it? */
export function ChaosPage() {
  const { t } = useTranslation('mining');
  const [ask, setAsk] = useState<SeriesAsk>({ measure: 'orders', step: 'day' });
  const [season, setSeason] = useState(true);
  return (
    <RunFrame<Chaos>
      kind="chaos"
      title={t('chaos.title')}
      settings={{ ...ask, season }}
      promise={t('chaos.promise')}
      bar={
        <>
          <SeriesPicker value={ask} onChange={setAsk} />
          <Checkbox
            label={t('chaos.season')}
            checked={season}
            onChange={(event) => setSeason(event.currentTarget.checked)}
          />
        </>
      }
    >
      {(result) => <ChaosResult result={result} />}
    </RunFrame>
  );
}

function ChaosResult({ result }: { result: Chaos }) {
  const { t } = useTranslation('mining');
  const { number, date } = useFormat();
  const label = useLabel();
  const name = useSeriesName();
  const r = result.result;
  const isJudged = r.surrogates > 0;
  return (
    <div className={findings.stack}>
      <div className={own.words}>
        <Status tone={tones[r.verdict]}>{t(`chaos.verdicts.${r.verdict}`)}</Status>
        <p>
          <strong>{name(result.settings, result.name)}</strong> · {t(`forecast.steps.${result.settings.step}`)} ·{' '}
          {t('chaos.until', { n: number(r.n), day: date(result.data_through) })}
        </p>
        <p>{label(r.words)}</p>
        <p>{t(`chaos.meaning.${r.verdict}`)}</p>
        {(result.notes ?? []).map((note) => (
          <p key={note.code}>{label(note)}</p>
        ))}
      </div>
      {isJudged && (
        <div className={findings.stats}>
          <Stat label={t('chaos.delay')} value={number(r.delay)} note={t('chaos.delayNote')} />
          <Stat label={t('chaos.dimension')} value={number(r.dimension)} note={t('chaos.dimensionNote')} />
          <Stat
            label={t('chaos.lyapunov')}
            value={number(r.lyapunov, 3)}
            note={t('chaos.fit', { fit: number(r.lyapunov_fit, 2) })}
          />
          <Stat
            label={t('chaos.surrogate')}
            value={`p = ${number(r.p, 3)}`}
            note={t('chaos.rank', { rank: number(r.rank), n: number(r.surrogates + 1) })}
          />
        </div>
      )}
      <Panel title={t('chaos.series')}>
        <SeriesChart result={result} />
      </Panel>
      {isJudged && <ChaosPictures result={result} />}
      {result.ahead && result.ahead.length > 0 && <ChaosAhead result={result} />}
    </div>
  );
}

function ChaosPictures({ result }: { result: Chaos }) {
  const { t } = useTranslation('mining');
  const r = result.result;
  return (
    <>
      <div className={findings.split}>
        <Panel title={t('chaos.phase')} aside={t('chaos.phaseAside', { delay: r.delay })}>
          <PhasePlot values={result.looked} delay={r.delay} />
          <small>{t('chaos.phaseNote')}</small>
        </Panel>
        <Panel title={t('chaos.surrogates')}>
          <Surrogates
            errors={r.surrogate_errors ?? []}
            own={r.tested_error ?? r.neighbour_error}
            linear={r.linear_error}
          />
          <small>{t('chaos.surrogatesNote')}</small>
        </Panel>
      </div>
      <div className={findings.split}>
        <Panel title={t('chaos.information')}>
          <Curve values={r.mutual_information ?? []} from={1} mark={r.delay} label={t('chaos.information')} />
        </Panel>
        <Panel title={t('chaos.neighbours')}>
          <Curve values={r.false_neighbours ?? []} from={1} mark={r.dimension} label={t('chaos.neighbours')} isShare />
        </Panel>
        <Panel title={t('chaos.divergence')}>
          <Curve values={r.divergence ?? []} from={0} label={t('chaos.divergence')} />
        </Panel>
        <Panel title={t('chaos.reach')}>
          <Curve values={r.error_by_step ?? []} from={1} label={t('chaos.reach')} isShare />
        </Panel>
      </div>
    </>
  );
}

function ChaosAhead({ result }: { result: Chaos }) {
  const { t } = useTranslation('mining');
  const { number, money } = useFormat();
  return (
    <Panel title={t('chaos.ahead')} flush>
      <div className={findings.tall}>
        <SimpleTable
          label={t('chaos.ahead')}
          rows={result.ahead ?? []}
          rowKey={(row) => row.step}
          columns={[
            { id: 's', header: t('forecast.step'), cell: (row) => row.step },
            {
              id: 'v',
              header: t('forecast.point'),
              align: 'end',
              cell: (row) => (result.currency ? money(Math.round(row.value), result.currency) : number(row.value, 1)),
            },
          ]}
        />
      </div>
    </Panel>
  );
}
