// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { choicesQuery } from './findingApi';

const names = ['stops', 'buys', 'answers', 'refuses', 'returns', 'complains', 'late'] as const;
type Name = (typeof names)[number];

/** What is to be foreseen, from a while on, within so many days. */
export interface EventAsk {
  event: Name;
  of: 'category' | 'product';
  category: string | null;
  product: string | null;
  horizon: string;
  gap: string;
}

export const usualEvent: EventAsk = {
  event: 'stops',
  of: 'category',
  category: null,
  product: null,
  horizon: '90',
  gap: '0',
};

/** As the settings of a run; undefined as long as the category or product is missing. */
export function eventSettings({ event, of, category, product, horizon, gap }: EventAsk) {
  const what = event === 'buys' ? { [of]: of === 'category' ? category : product } : {};
  if (event === 'buys' && !what[of]) return undefined;
  return { event, ...what, horizon_days: Number(horizon), gap_days: Number(gap) };
}

interface EventFieldsProps {
  label: string;
  ask: EventAsk;
  onChange: (ask: EventAsk) => void;
}

/** The fields of such an event; what no data tell is named with the data that are missing. */
export function EventFields({ label, ask, onChange }: EventFieldsProps) {
  const { t, i18n } = useTranslation('mining');
  const choices = useQuery(choicesQuery);
  const events = choices.data?.events ?? [];
  const isKorean = i18n.language.startsWith('ko');
  const missing = (name: string) => {
    const found = events.find((e) => e.event === name);
    return found && !found.is_available ? (isKorean ? found.missing?.ko : found.missing?.en) : undefined;
  };
  const days = (list: string[]) =>
    list.map((n) => ({ value: n, label: n === '0' ? t('finding.prediction.noGap') : t('finding.days', { n }) }));
  return (
    <>
      <Select
        label={label}
        data={names.map((value) => ({
          value,
          label: t(`finding.prediction.events.${value}`),
          disabled: missing(value) !== undefined,
        }))}
        renderOption={({ option }) => (
          <span>
            {option.label}
            {missing(option.value) && <small style={{ display: 'block' }}>{missing(option.value)}</small>}
          </span>
        )}
        comboboxProps={{ width: 340, position: 'bottom-start' }}
        maxDropdownHeight={460}
        value={ask.event}
        allowDeselect={false}
        onChange={(event) => event && onChange({ ...ask, event: event as Name })}
        w={220}
      />
      {ask.event === 'buys' && (
        <>
          <Select
            label={t('finding.prediction.of')}
            data={(['category', 'product'] as const).map((value) => ({ value, label: t(`finding.${value}`) }))}
            value={ask.of}
            allowDeselect={false}
            onChange={(of) => of && onChange({ ...ask, of: of as EventAsk['of'] })}
            w={130}
          />
          <Select
            label={t(`finding.${ask.of}`)}
            searchable
            data={(ask.of === 'category' ? choices.data?.categories : choices.data?.products) ?? []}
            value={ask[ask.of]}
            onChange={(value) => onChange({ ...ask, [ask.of]: value })}
            w={220}
          />
        </>
      )}
      <Select
        label={t('finding.prediction.gap')}
        data={days(['0', '7', '14', '30'])}
        value={ask.gap}
        allowDeselect={false}
        onChange={(gap) => gap && onChange({ ...ask, gap })}
        w={130}
      />
      <Select
        label={t('finding.prediction.horizon')}
        data={days(['30', '60', '90', '180'])}
        value={ask.horizon}
        allowDeselect={false}
        onChange={(horizon) => horizon && onChange({ ...ask, horizon })}
        w={130}
      />
    </>
  );
}
