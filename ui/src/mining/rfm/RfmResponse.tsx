// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable, type SimpleColumn } from '@/shared/page';
import type { Rfm, RfmAsk } from '../api';
import classes from '../Rfm.module.css';
import words from '../run/Run.module.css';
import { responseQuery, type BoxResponse, type Response } from './api';
import { OwnAction } from './BoxPanel';

/** How groups and boxes have answered to campaigns, and what to do about them. */
export function RfmResponse({ ask, rfm }: { ask: RfmAsk; rfm: Rfm }) {
  const { t } = useTranslation('mining');
  const [months, setMonths] = useState('6');
  const [days, setDays] = useState('30');
  const result = useQuery(responseQuery({ ...ask, months: Number(months), days: Number(days) }));
  return (
    <div className={classes.stack}>
      <span className={classes.buttons}>
        <Select
          label={t('rfm.answers.months')}
          data={['3', '6', '12', '24'].map((m) => ({ value: m, label: t('rfm.months', { n: m }) }))}
          value={months}
          allowDeselect={false}
          onChange={(m) => m && setMonths(m)}
          w={160}
        />
        <Select
          label={t('rfm.answers.within')}
          data={['7', '14', '30', '60'].map((d) => ({ value: d, label: t('value.days', { n: d }) }))}
          value={days}
          allowDeselect={false}
          onChange={(d) => d && setDays(d)}
          w={160}
        />
      </span>
      <Query result={result}>
        {(response) =>
          response.all.contacts === 0 ? (
            <EmptyState icon={Mail} title={t('rfm.answers.none')} text={t('rfm.answers.noneText')} />
          ) : (
            <ResponseBody response={response} rfm={rfm} />
          )
        }
      </Query>
    </div>
  );
}

function ResponseBody({ response, rfm }: { response: Response; rfm: Rfm }) {
  const { t } = useTranslation('mining');
  const { number, percent, date } = useFormat();
  const label = useLabel();
  const rate = (part: number, whole: number) => (whole > 0 ? percent(part / whole) : '–');
  const points = (v: number | undefined) =>
    v === undefined ? '–' : `${v >= 0 ? '+' : '−'}${number(Math.abs(v * 100), 1)} %p`;
  const nameOf = (name: string) => label(rfm.groups.find((g) => g.name === name)?.label) || name;
  const columns: SimpleColumn<BoxResponse>[] = [
    { id: 'n', header: t('rfm.answers.contacts'), align: 'end', cell: (b) => number(b.contacts) },
    { id: 'c', header: t('rfm.answers.clicked'), align: 'end', cell: (b) => rate(b.clicked, b.contacts) },
    { id: 'u', header: t('rfm.answers.unsubscribed'), align: 'end', cell: (b) => rate(b.unsubscribed, b.contacts) },
    { id: 'b', header: t('rfm.answers.boughtShort'), align: 'end', cell: (b) => rate(b.bought, b.contacts) },
    { id: 'k', header: t('rfm.answers.control'), align: 'end', cell: (b) => rate(b.control_bought, b.control) },
    {
      id: 'l',
      header: t('rfm.answers.lift'),
      align: 'end',
      cell: (b) => (
        <span title={b.lift === undefined ? undefined : `${points(b.lift_low)} ~ ${points(b.lift_high)}`}>
          {points(b.lift)}
        </span>
      ),
    },
    { id: 'd', header: t('rfm.answers.advice'), cell: (b) => label(b.advice) },
  ];
  return (
    <>
      <p className={words.words}>
        {t('rfm.answers.words', {
          since: date(response.since),
          n: number(response.all.contacts),
          clicked: rate(response.all.clicked, response.all.contacts),
          bought: rate(response.all.bought, response.all.contacts),
          days: response.settings.days,
        })}
      </p>
      <Panel title={t('rfm.answers.groups')} flush>
        <SimpleTable
          label={t('rfm.answers.groups')}
          rows={response.groups}
          rowKey={(b) => b.group}
          stack
          columns={[
            {
              id: 'g',
              header: t('rfm.group'),
              cell: (b) => (
                <>
                  <b>{nameOf(b.group)}</b>
                  <div className="dim">{label(b.action)}</div>
                </>
              ),
            },
            ...columns,
            { id: 'o', header: t('rfm.own'), width: 260, cell: (b) => <OwnAction box={b.group} /> },
          ]}
        />
      </Panel>
      <Panel title={t('rfm.answers.boxes')} aside={t('rfm.answers.boxesNote')} flush>
        <SimpleTable
          label={t('rfm.answers.boxes')}
          rows={response.boxes}
          rowKey={(b) => `${b.r}${b.f}${b.m}`}
          stack
          columns={[
            { id: 'x', header: t('rfm.box'), cell: (b) => `R${b.r} F${b.f} M${b.m}` },
            { id: 'g', header: t('rfm.group'), cell: (b) => nameOf(b.group) },
            ...columns,
          ]}
        />
      </Panel>
    </>
  );
}
