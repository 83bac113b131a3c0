// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { choicesQuery } from './findingApi';

/** What is to be foreseen: nothing bought, or something of a category, within so many days. */
export interface EventAsk {
  event: 'stops' | 'buys';
  category: string | null;
  horizon: string;
}

export const usualEvent: EventAsk = { event: 'stops', category: null, horizon: '90' };

/** As the settings of a run; undefined as long as the category is missing. */
export function eventSettings({ event, category, horizon }: EventAsk) {
  if (event === 'buys' && !category) return undefined;
  return { event, category: event === 'buys' ? category : undefined, horizon_days: Number(horizon) };
}

interface EventFieldsProps {
  label: string;
  ask: EventAsk;
  onChange: (ask: EventAsk) => void;
}

/** The fields of such an event. */
export function EventFields({ label, ask, onChange }: EventFieldsProps) {
  const { t } = useTranslation('mining');
  const choices = useQuery(choicesQuery);
  return (
    <>
      <Select
        label={label}
        data={(['stops', 'buys'] as const).map((e) => ({ value: e, label: t(`finding.prediction.events.${e}`) }))}
        value={ask.event}
        allowDeselect={false}
        onChange={(event) => event && onChange({ ...ask, event: event as EventAsk['event'] })}
        w={200}
      />
      {ask.event === 'buys' && (
        <Select
          label={t('finding.category')}
          searchable
          data={choices.data?.categories ?? []}
          value={ask.category}
          onChange={(category) => onChange({ ...ask, category })}
          w={200}
        />
      )}
      <Select
        label={t('finding.prediction.horizon')}
        data={['30', '60', '90', '180'].map((n) => ({ value: n, label: t('finding.days', { n }) }))}
        value={ask.horizon}
        allowDeselect={false}
        onChange={(horizon) => horizon && onChange({ ...ask, horizon })}
        w={130}
      />
    </>
  );
}
