// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { ViewTabs } from '@/shared/page';
import { RunFrame } from '../run';
import type { ValueResult } from './api';
import { Cohorts } from './Cohorts';
import { Retention } from './Retention';
import { Stages } from './Stages';
import { usualAsk, ValueSettings } from './ValueSettings';
import { Worth } from './Worth';

const views = ['worth', 'stages', 'cohorts', 'retention'] as const;
type View = (typeof views)[number];

const pages: Record<View, (props: { result: ValueResult }) => React.ReactNode> = {
  worth: Worth,
  stages: Stages,
  cohorts: Cohorts,
  retention: Retention,
};

/** What customers are worth and how they behave: one run, several views of it. */
export function ValuePage({ view = 'worth' }: { view?: View }) {
  const { t } = useTranslation('mining');
  const navigate = useNavigate();
  const { company } = useSession();
  const [settings, setSettings] = useState(usualAsk);
  const set = (change: Partial<typeof settings>) => setSettings({ ...settings, ...change });
  const View = pages[view];
  return (
    <RunFrame<ValueResult>
      kind="value"
      title={t('value.title')}
      settings={settings}
      promise={t('value.promise')}
      bar={
        <>
          <Select
            aria-label={t('value.model')}
            data={[
              { value: 'bgnbd', label: 'BG/NBD' },
              { value: 'mbgnbd', label: 'MBG/NBD' },
              { value: 'paretonbd', label: 'Pareto/NBD' },
            ]}
            value={settings.model}
            allowDeselect={false}
            onChange={(model) => model && set({ model })}
            w={130}
          />
          <Select
            aria-label={t('value.horizon')}
            data={['13', '26', '52', '104'].map((n) => ({ value: n, label: t('value.weeks', { n }) }))}
            value={String(settings.horizon_weeks)}
            allowDeselect={false}
            onChange={(n) => n && set({ horizon_weeks: Number(n) })}
            w={120}
          />
          <NumberInput
            aria-label={t('value.margin')}
            leftSection={<span className="dim">{t('value.marginShort')}</span>}
            leftSectionWidth={56}
            value={Math.round(settings.margin * 100)}
            onChange={(v) => typeof v === 'number' && v >= 1 && v <= 100 && set({ margin: v / 100 })}
            suffix=" %"
            min={1}
            max={100}
            w={130}
          />
          <ValueSettings ask={settings} currency={company.currency} onChange={set} />
        </>
      }
    >
      {(result) => (
        <>
          <ViewTabs
            label={t('value.title')}
            tabs={views.map((id) => ({ id, label: t(`value.views.${id}`) }))}
            value={view}
            onChange={(id) => void navigate({ to: id === 'worth' ? '/value' : `/value/${id}` })}
          />
          <View result={result} />
        </>
      )}
    </RunFrame>
  );
}

/** The view of life-cycle stages. */
export const StagesPage = () => <ValuePage view="stages" />;
/** The view of cohorts and intervals. */
export const CohortsPage = () => <ValuePage view="cohorts" />;
/** The retention calculator. */
export const RetentionPage = () => <ValuePage view="retention" />;
