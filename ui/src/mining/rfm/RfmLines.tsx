// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { useLabel } from '@/app/label';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable, tell, type SimpleColumn } from '@/shared/page';
import type { RfmAsk } from '../api';
import { lineBys } from '../LinePicker';
import classes from '../Rfm.module.css';
import { useSegment } from '../useSegment';
import { linesQuery, saveLines, type LineBy, type LineRfm, type LineSettings, type LinesRfm } from './api';

/** Business lines side by side, each scored among its own buyers with weights of its own. */
export function RfmLines({ ask }: { ask: RfmAsk }) {
  const { t } = useTranslation('mining');
  const [lines, setLines] = useState<LineSettings>({});
  const result = useQuery(linesQuery({ ...ask, line: undefined }, lines));
  return (
    <div className={classes.stack}>
      <Select
        label={t('line.by')}
        data={lineBys.map((one) => ({ value: one, label: t(`line.bys.${one}`) }))}
        value={lines.by ?? result.data?.settings.by ?? 'department'}
        allowDeselect={false}
        onChange={(by) => by && setLines({ by: by as LineBy })}
        w={200}
      />
      <Query result={result}>
        {(found) =>
          found.lines.length === 0 ? (
            <p>{t('line.none')}</p>
          ) : (
            <LinesBody found={found} onWeights={(weights) => setLines({ by: found.settings.by, weights })} />
          )
        }
      </Query>
    </div>
  );
}

function LinesBody({ found, onWeights }: { found: LinesRfm; onWeights: (weights: LineSettings['weights']) => void }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact, percent } = useFormat();
  const label = useLabel();
  const can = useCan();
  const cache = useQueryClient();
  const segment = useSegment();
  const save = useMutation({
    mutationFn: () => saveLines(found.settings),
    onError: tellFault,
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ['rfm-lines'] });
      tell(t('rfm.saved'));
    },
  });
  const part = (line: LineRfm, name: string) => {
    const group = line.groups.find((g) => g.name === name);
    return group && line.buyers > 0 ? `${number(group.customers)} · ${percent(group.customers / line.buyers, 0)}` : '–';
  };
  const columns: SimpleColumn<LineRfm>[] = [
    { id: 'v', header: t('line.value'), cell: (line) => <b>{line.value}</b> },
    { id: 'n', header: t('rfm.buyers'), align: 'end', cell: (line) => number(line.buyers) },
    { id: 'm', header: t('rfm.revenue'), align: 'end', cell: (line) => moneyCompact(line.revenue, found.currency) },
    { id: 'r', header: t('rfm.medianR'), align: 'end', cell: (line) => number(Math.round(line.median_recency_days)) },
    { id: 'f', header: t('rfm.medianF'), align: 'end', cell: (line) => number(line.median_frequency, 1) },
    ...['champion', 'at_risk'].map((name): SimpleColumn<LineRfm> => ({
      id: name,
      header: label(found.names.find((g) => g.name === name)?.label),
      align: 'end',
      cell: (line) => part(line, name),
    })),
    { id: 's', header: t('rfm.average'), align: 'end', cell: (line) => number(line.average_score, 2) },
    ...(['r', 'f', 'm'] as const).map((key): SimpleColumn<LineRfm> => ({
      id: `w${key}`,
      header: key.toUpperCase(),
      cell: (line) => (
        <WeightInput
          label={`${line.value} ${t(`rfm.weight.${key}`)}`}
          value={line.weights[key]}
          onChange={(v) => {
            const next = { ...line.weights, [key]: v };
            // The last weight gives way, so that they add up to 1.
            const other = key === 'm' ? 'f' : 'm';
            next[other] = Math.max(0, Math.round((1 - next.r - next.f - next.m + next[other]) * 100) / 100);
            if (Math.abs(next.r + next.f + next.m - 1) < 1e-6)
              onWeights({ ...found.settings.weights, [line.value]: next });
          }}
        />
      ),
    })),
    {
      id: 'go',
      header: '',
      align: 'end',
      cell: (line) => (
        <Button
          size="compact-sm"
          variant="subtle"
          disabled={found.saved.by !== found.settings.by}
          title={found.saved.by !== found.settings.by ? t('rfm.linesSaveFirst') : undefined}
          onClick={() =>
            segment(`${line.value} ${label(found.names[0]?.label)}`, {
              event: 'rfm_line',
              where: {
                op: 'and',
                rules: [
                  { field: 'line', is: 'eq', value: line.value },
                  { field: 'segment', is: 'in', value: ['champion'] },
                ],
              },
              count: { is: 'gte', value: 1 },
            })
          }
        >
          {t('rfm.segment')}
        </Button>
      ),
    },
  ];
  return (
    <Panel
      title={t('rfm.views.lines')}
      aside={t('rfm.linesNote')}
      flush
      actions={
        can('mining:update') && (
          <Button size="compact-sm" loading={save.isPending} onClick={() => save.mutate()}>
            {t('rfm.linesSave')}
          </Button>
        )
      }
    >
      <SimpleTable
        label={t('rfm.views.lines')}
        rows={found.lines}
        rowKey={(line) => line.value}
        columns={columns}
        stack
      />
    </Panel>
  );
}

function WeightInput({ label, value, onChange }: { label: string; value: number; onChange: (v: number) => void }) {
  return (
    <NumberInput
      size="xs"
      aria-label={label}
      value={value}
      min={0}
      max={1}
      step={0.1}
      decimalScale={2}
      w={70}
      onChange={(v) => typeof v === 'number' && v !== value && onChange(v)}
    />
  );
}
