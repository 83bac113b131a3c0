// SPDX-License-Identifier: Apache-2.0
import { MultiSelect, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, Stat } from '@/shared/page';
import { FindingMenu } from '../actions';
import classes from '../Finding.module.css';
import { FindingFrame } from '../FindingFrame';
import { segmentChoicesQuery } from '../findingApi';
import { useColumnName } from '../useColumnName';
import type { Lookalikes } from './api';
import { Columns } from './Columns';
import { Drivers } from './Drivers';
import { columnsOfCustomers } from './MoreFields';
import { Best } from './People';

/** Who is like the members of a segment, and how well that can be told. */
export function LookalikePage() {
  const { t } = useTranslation('mining');
  const asked = useSearch({ strict: false }) as { segment?: number };
  const segments = useQuery(segmentChoicesQuery);
  const name = useColumnName();
  const [segment, setSegment] = useState<string | null>(asked.segment ? String(asked.segment) : null);
  const [drop, setDrop] = useState<string[]>([]);
  return (
    <FindingFrame<Lookalikes>
      kind="lookalike"
      icon={UsersRound}
      settings={segment ? { segment_id: Number(segment), drop } : undefined}
      form={
        <>
          <Select
            label={t('finding.lookalike.segment')}
            searchable
            data={(segments.data?.items ?? []).map((s) => ({ value: String(s.id), label: s.name }))}
            value={segment}
            onChange={setSegment}
            nothingFoundMessage={t('finding.lookalike.noSegment')}
            w={260}
          />
          <MultiSelect
            label={t('finding.lookalike.drop')}
            searchable
            data={columnsOfCustomers.map((value) => ({ value, label: name(value) }))}
            value={drop}
            onChange={setDrop}
            w={300}
          />
        </>
      }
    >
      {(result, run) => <Result key={run.id} result={result} />}
    </FindingFrame>
  );
}

function Result({ result }: { result: Lookalikes }) {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const segments = useQuery(segmentChoicesQuery);
  const { test } = result.study;
  const name = segments.data?.items.find((s) => s.id === result.settings.segment_id)?.name ?? '';
  const isTelling = test.auc_low > 0.5;
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        <p>
          {t(isTelling ? 'finding.lookalike.summary' : 'finding.lookalike.nothing', {
            name,
            auc: number(test.auc, 3),
            low: number(test.auc_low, 3),
            high: number(test.auc_high, 3),
            lift: number(test.lift_10, 1),
            n: number(test.rows),
            others: number(result.others),
          })}
        </p>
        {result.members > result.buyers && (
          <p>{t('finding.lookalike.buyers', { members: number(result.members), buyers: number(result.buyers) })}</p>
        )}
      </div>
      <div className={classes.stats}>
        <Stat
          label="AUC"
          value={number(test.auc, 3)}
          note={`${number(test.auc_low, 3)} – ${number(test.auc_high, 3)}`}
        />
        <Stat label={t('finding.prediction.lift')} value={`${number(test.lift_10, 2)}×`} />
        <Stat label={t('finding.lookalike.examples')} value={number(result.buyers)} />
        <Stat label={t('finding.lookalike.others')} value={number(result.others)} />
      </div>
      <div className={classes.split}>
        <Cuts result={result} name={name} />
        <Best
          title={t('finding.lookalike.best')}
          score={t('finding.lookalike.score')}
          rows={result.best}
          labels={result.labels}
        />
      </div>
      <Drivers study={result.study} labels={result.labels} />
      <Columns notices={result.study.notices ?? []} labels={result.labels} isToday />
    </div>
  );
}

function Cuts({ result, name }: { result: Lookalikes; name: string }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  return (
    <Panel title={t('finding.lookalike.cuts')} flush>
      <SimpleTable
        label={t('finding.lookalike.cuts')}
        rows={result.found}
        rowKey={(cut) => cut.count}
        columns={[
          {
            id: 'n',
            header: t('finding.lookalike.take'),
            cell: (cut) => t('finding.lookalike.first', { n: number(cut.count) }),
          },
          { id: 's', header: t('finding.lookalike.score'), align: 'end', cell: (cut) => percent(cut.score, 1) },
          { id: 'r', header: t('finding.lookalike.recall'), align: 'end', cell: (cut) => percent(cut.recall, 1) },
          { id: 'l', header: t('finding.lift'), align: 'end', cell: (cut) => `${number(cut.lift, 1)}×` },
          {
            id: 'go',
            header: '',
            align: 'end',
            cell: (cut) => (
              <FindingMenu
                name={t('finding.lookalike.people', { name, n: number(cut.count) })}
                rules={[
                  { field: 'lookalike_segment', is: 'eq', value: result.settings.segment_id },
                  { field: 'lookalike_place', is: 'lte', value: cut.count },
                ]}
              />
            ),
          },
        ]}
      />
      <p className={classes.inset}>{t('finding.lookalike.cutsHint')}</p>
    </Panel>
  );
}
