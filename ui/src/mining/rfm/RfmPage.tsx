// SPDX-License-Identifier: Apache-2.0
import { Button, SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Grid3x3 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { EmptyState, Page, Panel, Query, Stat, tell, ViewTabs } from '@/shared/page';
import { rfmQuery, savedRfmQuery, saveRfm, type Rfm, type RfmAsk } from '../api';
import classes from '../Rfm.module.css';
import { BoxPanel } from './BoxPanel';
import { RfmBar } from './RfmBar';
import { RfmCube, type Place } from './RfmCube';
import { RfmGroups } from './RfmGroups';
import { RfmLimits } from './RfmLimits';
import { RfmLines } from './RfmLines';
import { RfmMap, type MapValue } from './RfmMap';
import { RfmMovement } from './RfmMovement';
import { RfmResponse } from './RfmResponse';

const start: RfmAsk = { period_months: 12, method: 'independent', weights: { r: 0.5, f: 0.3, m: 0.2 } };
const views = ['map', 'movement', 'lines', 'response'] as const;
type View = (typeof views)[number];

/** Customers by recency, frequency and money: boxes, movement, business lines, answers. */
export function RfmPage() {
  const { t } = useTranslation('mining');
  const can = useCan();
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as { view?: string };
  const view: View = views.find((one) => one === search.view) ?? 'map';
  const [ask, setAsk] = useState(start);
  const [asked] = useDebouncedValue(ask, 300);
  const result = useQuery(rfmQuery(asked));
  const set = (change: Partial<RfmAsk>) => setAsk({ ...ask, ...change });
  const shown = views.filter((one) => one !== 'response' || can('campaign:read'));
  return (
    <Page
      title={t('rfm.title')}
      actions={<SaveScores ask={asked} />}
      bar={<RfmBar ask={ask} onChange={set} withLine={view !== 'lines'} />}
    >
      <div className={classes.stack}>
        <ViewTabs
          label={t('rfm.title')}
          tabs={shown.map((id) => ({ id, label: t(`rfm.views.${id}`) }))}
          value={view}
          onChange={(id) =>
            void navigate({ to: '/rfm', search: id === 'map' ? {} : { view: id as Exclude<View, 'map'> } })
          }
        />
        {view === 'movement' && <RfmMovement ask={asked} />}
        {view === 'lines' && <RfmLines ask={asked} />}
        {(view === 'map' || view === 'response') && (
          <Query result={result}>
            {(rfm) =>
              rfm.buyers === 0 ? (
                <NoBuyers />
              ) : view === 'map' ? (
                <RfmBody rfm={rfm} ask={asked} onChange={set} />
              ) : (
                <RfmResponse ask={asked} rfm={rfm} />
              )
            }
          </Query>
        )}
      </div>
    </Page>
  );
}

/** Lists, pivots and segments see saved scores; this says from when they are and writes these instead. */
function SaveScores({ ask }: { ask: RfmAsk }) {
  const { t } = useTranslation('mining');
  const { dateTime } = useFormat();
  const can = useCan();
  const cache = useQueryClient();
  const { data } = useQuery(savedRfmQuery);
  const save = useMutation({
    mutationFn: () => saveRfm(ask),
    onSuccess: async (saved) => {
      cache.setQueryData(savedRfmQuery.queryKey, saved);
      await cache.invalidateQueries({ queryKey: ['segment-fields'] });
      tell(t('rfm.saved'));
    },
  });
  return (
    <>
      <span className="dim">
        {data?.problem ??
          (data?.computed_at ? t('rfm.savedAt', { at: dateTime(data.computed_at) }) : t('rfm.notSaved'))}
      </span>
      {can('mining:update') && (
        <Button
          loading={save.isPending}
          disabled={ask.line !== undefined}
          onClick={() => save.mutate()}
          title={ask.line ? t('rfm.saveLineHint') : t('rfm.saveHint')}
        >
          {t('rfm.save')}
        </Button>
      )}
    </>
  );
}

function NoBuyers() {
  const { t } = useTranslation('mining');
  const navigate = useNavigate();
  return (
    <EmptyState icon={Grid3x3} title={t('empty.title')} text={t('empty.text')}>
      <Button onClick={() => void navigate({ href: '/import' })}>{t('empty.action')}</Button>
    </EmptyState>
  );
}

interface RfmBodyProps {
  rfm: Rfm;
  ask: RfmAsk;
  onChange: (change: Partial<RfmAsk>) => void;
}

function RfmBody({ rfm, ask, onChange }: RfmBodyProps) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact, dateTime } = useFormat();
  const [value, setValue] = useState<MapValue>('customers');
  const [shape, setShape] = useState<'flat' | 'cube'>('flat');
  const [chosen, setChosen] = useState<Place>();
  const picture =
    shape === 'flat' ? (
      <RfmMap
        boxes={rfm.boxes}
        value={value}
        currency={rfm.currency}
        chosen={chosen}
        onChoose={(r, f) => setChosen({ r, f })}
      />
    ) : (
      <RfmCube boxes={rfm.boxes} value={value} currency={rfm.currency} chosen={chosen} onChoose={setChosen} />
    );
  const map = (
    <Panel
      title={shape === 'flat' ? t('rfm.map') : t('rfm.cube')}
      aside={shape === 'cube' ? t('rfm.cubeAxes') : undefined}
      actions={
        <span className={classes.buttons}>
          <SegmentedControl
            aria-label={t('rfm.shape')}
            value={shape}
            onChange={(v) => setShape(v as typeof shape)}
            data={[
              { value: 'flat', label: '5×5' },
              { value: 'cube', label: '5×5×5' },
            ]}
          />
          <SegmentedControl
            aria-label={t('rfm.show')}
            value={value}
            onChange={(v) => setValue(v as MapValue)}
            data={(['customers', 'revenue', 'average'] as const).map((v) => ({
              value: v,
              label: t(`rfm.values.${v}`),
            }))}
          />
        </span>
      }
    >
      <div className={classes.stack}>
        {picture}
        {chosen && <BoxPanel rfm={rfm} ask={ask} place={chosen} />}
        <RfmLimits rfm={rfm} ask={ask} onChange={(cuts) => onChange({ cuts })} />
      </div>
    </Panel>
  );
  return (
    <div className={classes.stack}>
      <div className={classes.stats}>
        <Stat label={t('rfm.buyers')} value={number(rfm.buyers)} note={rfm.from ? `${rfm.from} ~ ${rfm.to}` : rfm.to} />
        <Stat label={t('rfm.revenue')} value={moneyCompact(rfm.revenue, rfm.currency)} />
        <Stat label={t('rfm.never')} value={number(rfm.non_buyers)} note={t('rfm.neverNote')} />
        <Stat label={t('asOf')} value={dateTime(rfm.as_of.at)} />
      </div>
      {shape === 'cube' ? (
        <>
          {map}
          <RfmGroups rfm={rfm} />
        </>
      ) : (
        <div className={classes.split}>
          {map}
          <RfmGroups rfm={rfm} />
        </div>
      )}
    </div>
  );
}
