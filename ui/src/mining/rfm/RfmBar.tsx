// SPDX-License-Identifier: Apache-2.0
import { NumberInput, SegmentedControl, Select } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import type { RfmAsk } from '../api';
import { LinePicker } from '../LinePicker';

const EVERYTHING = -1;

interface RfmBarProps {
  ask: RfmAsk;
  onChange: (change: Partial<RfmAsk>) => void;
  /** Views of all business lines choose none. */
  withLine: boolean;
}

/** The settings that all views of RFM share. */
export function RfmBar({ ask, onChange, withLine }: RfmBarProps) {
  const { t } = useTranslation('mining');
  return (
    <>
      <DateInput
        aria-label={t('rfm.at')}
        placeholder={t('rfm.today')}
        valueFormat="YYYY-MM-DD"
        value={ask.at ?? null}
        onChange={(at) => onChange({ at: at ?? undefined })}
        clearable
        w={140}
      />
      <Select
        aria-label={t('rfm.period')}
        data={['3', '6', '12', '24', String(EVERYTHING)].map((m) => ({
          value: m,
          label: m === String(EVERYTHING) ? t('rfm.allTime') : t('rfm.months', { n: m }),
        }))}
        value={String(ask.period_months)}
        allowDeselect={false}
        onChange={(m) => m && onChange({ period_months: Number(m) })}
        w={130}
      />
      {withLine && <LinePicker value={ask.line} onChange={(line) => onChange({ line })} />}
      <SegmentedControl
        aria-label={t('rfm.method')}
        value={ask.method}
        onChange={(method) => onChange({ method: method as RfmAsk['method'] })}
        data={[
          { value: 'independent', label: t('rfm.independent') },
          { value: 'nested', label: t('rfm.nested') },
        ]}
      />
      {(['r', 'f', 'm'] as const).map((key) => (
        <NumberInput
          key={key}
          aria-label={t(`rfm.weight.${key}`)}
          leftSection={<span className="dim">{key.toUpperCase()}</span>}
          value={ask.weights[key]}
          onChange={(v) => typeof v === 'number' && onChange({ weights: { ...ask.weights, [key]: v } })}
          min={0}
          max={1}
          step={0.1}
          decimalScale={2}
          w={86}
        />
      ))}
    </>
  );
}
