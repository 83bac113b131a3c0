// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { queryOptions, keepPreviousData, useQuery } from '@tanstack/react-query';
import { Scale } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useLabel, type Label } from '@/app/label';
import { useSession } from '@/app/session';
import { useFormat } from '@/shared/format';
import { minorDigits } from '@/shared/format/formatters';
import { EmptyState, Page, Panel, Query, Status, Stat, type Tone } from '@/shared/page';
import { lineBys } from './LinePicker';
import classes from './Rfm.module.css';
import words from './run/Run.module.css';
import type { LineBy } from './rfm/api';

interface Ask {
  by?: LineBy;
  cost: number;
  points: number;
  margin: number;
}

interface LineVerdict {
  value: string;
  buyers: number;
  revenue: number;
  margin: number;
  is_costed: boolean;
  verdict: {
    answer: 'do' | 'selective' | 'not';
    life: number;
    referral: number;
    gain: number;
    best_gain: number;
    cost: number;
    rate: number;
    reasons: (Label & { code: string; grade: 'good' | 'fair' | 'bad' })[];
  };
}

interface Verdicts {
  settings: { by: LineBy };
  currency: string;
  until: string;
  lines: LineVerdict[];
}

const verdictQuery = (ask: Ask) =>
  queryOptions({
    queryKey: ['mining-verdict', ask],
    queryFn: ({ signal }) => api.post<Verdicts>('/api/mining/verdict', { body: ask, signal }),
    placeholderData: keepPreviousData,
  });

const tones: Record<string, Tone> = {
  do: 'teal',
  selective: 'amber',
  not: 'red',
  good: 'teal',
  fair: 'amber',
  bad: 'red',
};

/** Whether customer relations pay: for the business and for each of its lines, with reasons. */
export function VerdictPage() {
  const { t } = useTranslation('mining');
  const { company } = useSession();
  const [ask, setAsk] = useState<Ask>({ cost: 5000, points: 0.05, margin: 0.3 });
  const [asked] = useDebouncedValue(ask, 300);
  const result = useQuery(verdictQuery(asked));
  const unit = 10 ** minorDigits(company.currency);
  const percentInput = (key: 'points' | 'margin', suffix: string) => (
    <NumberInput
      aria-label={t(`verdict.${key}`)}
      leftSection={<span className="dim">{t(`verdict.${key}Short`)}</span>}
      leftSectionWidth={64}
      suffix={suffix}
      value={Math.round(ask[key] * 100)}
      min={1}
      max={100}
      onChange={(v) => typeof v === 'number' && v >= 1 && setAsk({ ...ask, [key]: v / 100 })}
      w={146}
    />
  );
  return (
    <Page
      title={t('verdict.title')}
      bar={
        <>
          <Select
            aria-label={t('line.by')}
            data={lineBys.map((one) => ({ value: one, label: t(`line.bys.${one}`) }))}
            value={ask.by ?? result.data?.settings.by ?? null}
            onChange={(by) => setAsk({ ...ask, by: (by ?? undefined) as LineBy | undefined })}
            w={140}
          />
          <NumberInput
            aria-label={t('verdict.cost')}
            leftSection={<span className="dim">{t('verdict.costShort')}</span>}
            leftSectionWidth={64}
            value={ask.cost / unit}
            min={0}
            thousandSeparator
            onChange={(v) => typeof v === 'number' && setAsk({ ...ask, cost: Math.round(v * unit) })}
            w={170}
          />
          {percentInput('points', ' %p')}
          {percentInput('margin', ' %')}
        </>
      }
    >
      <Query result={result}>
        {(found) =>
          (found.lines[0]?.buyers ?? 0) === 0 ? (
            <EmptyState icon={Scale} title={t('empty.title')} text={t('empty.text')} />
          ) : (
            <div className={classes.stack}>
              <p className={words.words}>{t('verdict.lead')}</p>
              {found.lines
                .filter((line) => line.buyers > 0)
                .map((line) => (
                  <LineCard key={line.value} line={line} currency={found.currency} />
                ))}
            </div>
          )
        }
      </Query>
    </Page>
  );
}

function LineCard({ line, currency }: { line: LineVerdict; currency: string }) {
  const { t } = useTranslation('mining');
  const { number, percent, moneyCompact } = useFormat();
  const label = useLabel();
  const { verdict } = line;
  const write = (v: number) => moneyCompact(Math.round(v), currency);
  return (
    <Panel
      title={line.value || t('line.whole')}
      actions={<Status tone={tones[verdict.answer] ?? 'grey'}>{t(`verdict.answers.${verdict.answer}`)}</Status>}
    >
      <div className={classes.stack}>
        <div className={classes.stats}>
          <Stat label={t('rfm.buyers')} value={number(line.buyers)} note={write(line.revenue)} />
          <Stat
            label={t('verdict.life')}
            value={write(verdict.life)}
            note={t('verdict.lifeNote', { referral: write(verdict.referral) })}
          />
          <Stat
            label={t('verdict.gain')}
            value={write(verdict.gain)}
            note={t('verdict.bestGain', { gain: write(verdict.best_gain) })}
          />
          <Stat label={t('verdict.lifeCost')} value={write(verdict.cost)} />
          <Stat
            label={t('verdict.margin')}
            value={percent(line.margin)}
            note={line.is_costed ? t('verdict.costed') : t('verdict.assumed')}
          />
        </div>
        <ul className={classes.reasons}>
          {verdict.reasons.map((reason) => (
            <li key={reason.code}>
              <Status tone={tones[reason.grade] ?? 'grey'}>{t(`verdict.grades.${reason.grade}`)}</Status>{' '}
              {label(reason)}
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
