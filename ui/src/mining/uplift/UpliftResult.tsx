// SPDX-License-Identifier: Apache-2.0
import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat, Status } from '@/shared/page';
import { FindingMenu } from '../actions';
import classes from '../Finding.module.css';
import type { Effect, Uplift } from './api';
import { EffectBars, QiniChart } from './UpliftCharts';

/** Writes effects: percentage points for shares of buyers, money for revenue. */
export function useEffectText(result: Uplift) {
  const { number, money } = useFormat();
  return (value: number, signed = true) => {
    const sign = signed && value > 0 ? '+' : '';
    return result.currency
      ? sign + money(Math.round(value), result.currency)
      : `${sign}${number(100 * value, 2)} ${signed ? '%p' : '%'}`;
  };
}

/** What the campaigns changed, and whom. */
export function UpliftResult({ result }: { result: Uplift }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const label = useLabel();
  const effect = useEffectText(result);
  const chosen = result.results?.find((method) => method.is_chosen);
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        <p>{label(result.words)}</p>
      </div>
      <div className={classes.stats}>
        <Stat
          label={t('finding.uplift.mean')}
          value={effect(result.mean.uplift)}
          note={`${effect(result.mean.low)} ~ ${effect(result.mean.high)}`}
        />
        <Stat
          label={t('finding.uplift.treated')}
          value={number(result.mean.treated)}
          note={effect(result.mean.mean_treated, false)}
        />
        <Stat
          label={t('finding.uplift.control')}
          value={number(result.mean.control)}
          note={effect(result.mean.mean_control, false)}
        />
        {chosen && (
          <Stat
            label="Qini"
            value={result.currency ? effect(chosen.qini, false) : number(chosen.qini, 1)}
            note={
              result.currency
                ? `${effect(chosen.low, false)} ~ ${effect(chosen.high, false)}`
                : `${number(chosen.low, 1)} ~ ${number(chosen.high, 1)}`
            }
          />
        )}
      </div>
      {result.is_shown && result.is_deployed && <UpliftPeople result={result} />}
      {chosen && (
        <div className={classes.split}>
          <Panel title={t('finding.uplift.curve')} aside={t(`finding.uplift.methods.${chosen.method}`)}>
            <QiniChart curve={chosen.curve} result={result} />
          </Panel>
          <Panel title={t('finding.uplift.tenths')}>
            <EffectBars
              label={t('finding.uplift.tenths')}
              effects={(result.tenths ?? []).map((one, i) => ({ ...one, name: `${i + 1}` }))}
              result={result}
            />
          </Panel>
        </div>
      )}
      <UpliftBoxes result={result} />
      {result.results && <UpliftMethods result={result} />}
      <UpliftCampaigns result={result} />
    </div>
  );
}

/** From the finding to its people. */
function UpliftPeople({ result }: { result: Uplift }) {
  const { t } = useTranslation('mining');
  const [tenths, setTenths] = useState(result.best_tenths < 10 ? Math.max(1, result.best_tenths) : 3);
  return (
    <Panel title={t('finding.uplift.people')}>
      <div className={classes.form}>
        <NumberInput
          label={t('finding.uplift.top')}
          description={t('finding.uplift.topHint', { n: result.best_tenths })}
          value={tenths}
          onChange={(n) => typeof n === 'number' && n >= 1 && n <= 10 && setTenths(n)}
          min={1}
          max={10}
          w={260}
        />
        <FindingMenu
          name={t('finding.uplift.segment', { n: 10 * tenths })}
          rules={[{ field: 'uplift_tenth', is: 'lte', value: tenths }]}
        />
      </div>
    </Panel>
  );
}

function UpliftBoxes({ result }: { result: Uplift }) {
  const { t } = useTranslation('mining');
  const boxes = (result.boxes ?? []).map((box) => ({
    ...box,
    name: box.name === 'never' ? t('finding.uplift.never') : box.name,
  }));
  return (
    <Panel title={t('finding.uplift.boxes')}>
      <p className={classes.words}>{t('finding.uplift.boxesNote')}</p>
      <EffectBars label={t('finding.uplift.boxes')} effects={boxes} result={result} />
      <EffectTable label={t('finding.uplift.boxes')} effects={boxes} result={result} />
    </Panel>
  );
}

function EffectTable({ label, effects, result }: { label: string; effects: Effect[]; result: Uplift }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const effect = useEffectText(result);
  const few = (row: Effect) => Math.min(row.treated, row.control) < 20;
  return (
    <div className={classes.figures}>
      <SimpleTable
        label={label}
        rows={effects}
        rowKey={(row) => row.name}
        columns={[
          { id: 'n', header: t('finding.uplift.box'), cell: (row) => row.name },
          {
            id: 't',
            header: t('finding.uplift.treated'),
            align: 'end',
            cell: (row) => `${number(row.treated)} · ${effect(row.mean_treated, false)}`,
          },
          {
            id: 'c',
            header: t('finding.uplift.control'),
            align: 'end',
            cell: (row) => `${number(row.control)} · ${effect(row.mean_control, false)}`,
          },
          {
            id: 'u',
            header: t('finding.uplift.effect'),
            align: 'end',
            cell: (row) => (few(row) ? t('finding.uplift.few') : effect(row.uplift)),
          },
          {
            id: 'i',
            header: t('finding.statistics.interval'),
            align: 'end',
            cell: (row) => (few(row) ? '' : `${effect(row.low)} ~ ${effect(row.high)}`),
          },
        ]}
      />
    </div>
  );
}

function UpliftMethods({ result }: { result: Uplift }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const effect = useEffectText(result);
  const qini = (v: number) => (result.currency ? effect(v, false) : number(v, 1));
  return (
    <Panel title={t('finding.uplift.compare')} flush>
      <div className={classes.figures}>
        <SimpleTable
          label={t('finding.uplift.compare')}
          rows={result.results ?? []}
          rowKey={(row) => row.method}
          columns={[
            {
              id: 'm',
              header: t('finding.uplift.method'),
              cell: (row) => (
                <>
                  {t(`finding.uplift.methods.${row.method}`)}{' '}
                  {row.is_chosen && <Status tone="accent">{t('finding.uplift.chosen')}</Status>}
                </>
              ),
            },
            { id: 'q', header: 'Qini', align: 'end', cell: (row) => qini(row.qini) },
            {
              id: 'i',
              header: t('finding.statistics.interval'),
              align: 'end',
              cell: (row) => `${qini(row.low)} ~ ${qini(row.high)}`,
            },
            {
              id: '1',
              header: t('finding.uplift.topShare', { n: 10 }),
              align: 'end',
              cell: (row) => effect(row.uplift_top_10),
            },
            {
              id: '3',
              header: t('finding.uplift.topShare', { n: 30 }),
              align: 'end',
              cell: (row) => effect(row.uplift_top_30),
            },
            {
              id: '5',
              header: t('finding.uplift.topShare', { n: 50 }),
              align: 'end',
              cell: (row) => effect(row.uplift_top_50),
            },
          ]}
        />
      </div>
    </Panel>
  );
}

function UpliftCampaigns({ result }: { result: Uplift }) {
  const { t } = useTranslation('mining');
  const { number, date } = useFormat();
  return (
    <Panel title={t('finding.uplift.used')} flush>
      <div className={`${classes.tall} ${classes.figures}`}>
        <SimpleTable
          label={t('finding.uplift.used')}
          rows={result.campaigns}
          rowKey={(row) => row.id}
          columns={[
            { id: 'n', header: t('finding.uplift.campaign'), cell: (row) => row.name },
            {
              id: 'd',
              header: t('finding.uplift.span'),
              cell: (row) => `${row.start_on ? date(row.start_on) : '?'} ~ ${row.until ? date(row.until) : '?'}`,
            },
            { id: 't', header: t('finding.uplift.treated'), align: 'end', cell: (row) => number(row.treated) },
            { id: 'c', header: t('finding.uplift.control'), align: 'end', cell: (row) => number(row.control) },
            {
              id: 'p',
              header: t('finding.uplift.state'),
              cell: (row) => t(`finding.uplift.problems.${row.problem || 'used'}`),
            },
          ]}
        />
      </div>
    </Panel>
  );
}
