// SPDX-License-Identifier: Apache-2.0
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import { useFormat } from '@/shared/format';
import type { GroupRule } from '@/shared/filter';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import { LinePicker, type Line } from './LinePicker';
import classes from './Rfm.module.css';
import { RunFrame, type Words } from './run';
import words from './run/Run.module.css';
import { useSegmentColumn } from './useSegmentColumn';

interface Band {
  from: number;
  to: number;
  customers: number;
  spent: number;
  room: number;
  rules: GroupRule;
}

interface Shares {
  currency: string;
  customers: number;
  declared: number;
  spent: number;
  total: number;
  share: number;
  median: number;
  bands: Band[];
  words: Words;
}

/** Share of customer: own purchases against what customers spend in all. */
export function SharePage() {
  const { t } = useTranslation('mining');
  const [months, setMonths] = useState('12');
  const [declared, setDeclared] = useState('');
  const [line, setLine] = useState<Line>();
  return (
    <RunFrame<Shares>
      kind="share"
      title={t('share.title')}
      settings={{ months: Number(months), declared: declared.trim() || undefined, line }}
      promise={t('share.promise')}
      bar={
        <>
          <Select
            aria-label={t('rfm.period')}
            data={['6', '12', '24'].map((m) => ({ value: m, label: t('rfm.months', { n: m }) }))}
            value={months}
            allowDeselect={false}
            onChange={(m) => m && setMonths(m)}
            w={130}
          />
          <LinePicker value={line} onChange={setLine} />
          <TextInput
            aria-label={t('share.declared')}
            placeholder={t('share.declared')}
            value={declared}
            onChange={(event) => setDeclared(event.currentTarget.value)}
            w={230}
          />
        </>
      }
    >
      {(result) => <ShareBody result={result} />}
    </RunFrame>
  );
}

function ShareBody({ result }: { result: Shares }) {
  const { t } = useTranslation('mining');
  const { number, percent, moneyCompact } = useFormat();
  const label = useLabel();
  const toSegment = useSegmentColumn<Band>();
  const write = (v: number) => moneyCompact(Math.round(v), result.currency);
  const name = (band: Band) => `${percent(band.from, 0)} – ${percent(band.to, 0)}`;
  return (
    <div className={classes.stack}>
      <p className={words.words}>{label(result.words)}</p>
      <div className={classes.stats}>
        <Stat
          label={t('share.share')}
          value={percent(result.share)}
          note={t('share.median', { share: percent(result.median) })}
        />
        <Stat
          label={t('share.spent')}
          value={write(result.spent)}
          note={t('pareto.buyers', { n: number(result.customers) })}
        />
        <Stat
          label={t('share.total')}
          value={write(result.total)}
          note={t('share.told', { n: number(result.declared) })}
        />
        <Stat label={t('share.room')} value={write(result.total - result.spent)} tone="good" />
      </div>
      <Panel title={t('share.bands')} flush>
        <SimpleTable
          label={t('share.bands')}
          rows={result.bands}
          rowKey={(band) => band.from}
          columns={[
            { id: 'b', header: t('share.share'), cell: name },
            { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (band) => number(band.customers) },
            { id: 's', header: t('share.spent'), align: 'end', cell: (band) => write(band.spent) },
            { id: 'r', header: t('share.room'), align: 'end', cell: (band) => write(band.room) },
            toSegment(
              (band) => `${t('share.share')} ${name(band)}`,
              (band) => band.rules,
            ),
          ]}
        />
      </Panel>
    </div>
  );
}
