// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput, Popover } from '@mantine/core';
import { SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { minorDigits } from '@/shared/format/formatters';
import form from './Value.module.css';

/** The rules that part the stages of the life cycle; days. */
export interface StageRules {
  new_days: number;
  sleeping_days: number;
  lost_days: number;
  loyal_purchases: number;
  overdue_factor: number;
}

/** What a value run is asked with. */
export interface ValueAsk {
  model: string;
  horizon_weeks: number;
  margin: number;
  discount_month: number;
  compare_days: number;
  acquisition_cost: number;
  service_cost: number;
  referral_share: number;
  rules: StageRules;
}

export const usualAsk: ValueAsk = {
  model: 'bgnbd',
  horizon_weeks: 52,
  margin: 1,
  discount_month: 0.01,
  compare_days: 90,
  acquisition_cost: 0,
  service_cost: 0,
  referral_share: 0.25,
  rules: { new_days: 90, sleeping_days: 180, lost_days: 365, loyal_purchases: 4, overdue_factor: 2 },
};

interface ValueSettingsProps {
  ask: ValueAsk;
  currency: string;
  onChange: (change: Partial<ValueAsk>) => void;
}

/** Money, referrals and the rules of the stages, which few change. */
export function ValueSettings({ ask, currency, onChange }: ValueSettingsProps) {
  const { t } = useTranslation('mining');
  const unit = 10 ** minorDigits(currency);
  const rule = (key: keyof StageRules, min: number, max: number, decimals = 0) => (
    <NumberInput
      key={key}
      label={t(`value.rules.${key}`)}
      value={ask.rules[key]}
      min={min}
      max={max}
      decimalScale={decimals}
      onChange={(v) => typeof v === 'number' && onChange({ rules: { ...ask.rules, [key]: v } })}
    />
  );
  return (
    <Popover position="bottom-start" withinPortal trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<SlidersHorizontal size={14} />}>
          {t('value.more')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={form.form} style={{ width: 'min(520px, 86vw)' }}>
          <NumberInput
            label={t('value.discount')}
            suffix=" %"
            value={Math.round(ask.discount_month * 10000) / 100}
            min={0.01}
            max={50}
            decimalScale={2}
            onChange={(v) => typeof v === 'number' && v > 0 && onChange({ discount_month: v / 100 })}
          />
          <NumberInput
            label={t('value.compareDays')}
            value={ask.compare_days}
            min={7}
            max={730}
            onChange={(v) => typeof v === 'number' && v >= 1 && onChange({ compare_days: v })}
          />
          <NumberInput
            label={t('value.acquisition')}
            value={ask.acquisition_cost / unit}
            min={0}
            thousandSeparator
            onChange={(v) => typeof v === 'number' && onChange({ acquisition_cost: Math.round(v * unit) })}
          />
          <NumberInput
            label={t('value.service')}
            value={ask.service_cost / unit}
            min={0}
            thousandSeparator
            onChange={(v) => typeof v === 'number' && onChange({ service_cost: Math.round(v * unit) })}
          />
          <NumberInput
            label={t('value.referralShare')}
            suffix=" %"
            value={Math.round(Math.max(0, ask.referral_share) * 100)}
            min={0}
            max={100}
            onChange={(v) => typeof v === 'number' && onChange({ referral_share: v === 0 ? -1 : v / 100 })}
          />
          {rule('new_days', 1, 3650)}
          {rule('sleeping_days', 2, 3650)}
          {rule('lost_days', 3, 3650)}
          {rule('loyal_purchases', 2, 100)}
          {rule('overdue_factor', 1, 20, 1)}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
