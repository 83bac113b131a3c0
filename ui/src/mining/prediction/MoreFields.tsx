// SPDX-License-Identifier: Apache-2.0
import { MultiSelect, NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSession } from '@/app/session';
import { minorDigits } from '@/shared/format/formatters';
import { choicesQuery } from '../findingApi';
import classes from '../Finding.module.css';
import { useColumnName } from '../useColumnName';

/** What few people change of a prediction. */
export interface More {
  model: string;
  attributes: string[];
  drop: string[];
  keep: string[];
  gain: number;
  cost: number;
  unit: number;
}

export const usualMore: More = { model: 'auto', attributes: [], drop: [], keep: [], gain: 0, cost: 0, unit: 1 };

/** As the settings of a run. */
export function moreSettings({ unit, gain, cost, ...more }: More) {
  return { ...more, gain: Math.round(gain * unit), cost: Math.round(cost * unit) };
}

const families = ['auto', 'logistic', 'tree', 'forest', 'boost', 'mlp'] as const;
/** Columns of customers that a model may go by. */
export const columnsOfCustomers = [
  'recency_days',
  'known_days',
  'orders',
  'revenue',
  'per_order',
  'days_between',
  'orders_90_days',
  'revenue_90_days',
  'categories',
  'pieces',
  'discounts',
  'returns',
  'mails_sent',
  'mails_clicked',
  'channel',
  'top_category',
  'sex',
  'sido',
  'age',
];

/** The fields of such settings. */
export function MoreFields({ more, onChange }: { more: More; onChange: (more: More) => void }) {
  const { t, i18n } = useTranslation('mining');
  const { company } = useSession();
  const unit = 10 ** minorDigits(company.currency);
  const choices = useQuery(choicesQuery);
  const name = useColumnName();
  const isKorean = i18n.language.startsWith('ko');
  const attributes = (choices.data?.attributes ?? []).map((a) => ({
    value: a.name,
    label: isKorean ? a.label_ko : a.label_en,
  }));
  const money = (key: 'gain' | 'cost') => (
    <NumberInput
      label={t(`finding.prediction.${key}`)}
      value={more[key]}
      min={0}
      thousandSeparator
      onChange={(v) => typeof v === 'number' && onChange({ ...more, [key]: v, unit })}
      w={150}
    />
  );
  return (
    <div className={classes.form}>
      <Select
        label={t('finding.prediction.model')}
        data={families.map((value) => ({ value, label: t(`finding.models.${value}`) }))}
        value={more.model}
        allowDeselect={false}
        onChange={(model) => model && onChange({ ...more, model })}
        w={170}
      />
      {money('gain')}
      {money('cost')}
      <MultiSelect
        label={t('finding.prediction.attributes')}
        description={t('finding.prediction.attributesHint')}
        searchable
        data={attributes}
        value={more.attributes}
        onChange={(picked) =>
          onChange({ ...more, attributes: picked, keep: more.keep.filter((k) => picked.includes(k)) })
        }
        w={300}
      />
      <MultiSelect
        label={t('finding.prediction.dropColumns')}
        searchable
        data={columnsOfCustomers.map((value) => ({ value, label: name(value) }))}
        value={more.drop}
        onChange={(drop) => onChange({ ...more, drop })}
        w={260}
      />
      {more.attributes.length > 0 && (
        <MultiSelect
          label={t('finding.prediction.keepColumns')}
          description={t('finding.prediction.keepHint')}
          data={attributes.filter((a) => more.attributes.includes(a.value))}
          value={more.keep}
          onChange={(keep) => onChange({ ...more, keep })}
          w={260}
        />
      )}
    </div>
  );
}
