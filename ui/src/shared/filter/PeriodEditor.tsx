// SPDX-License-Identifier: Apache-2.0
import { NumberInput, SegmentedControl } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useTranslation } from 'react-i18next';
import type { Within } from './rules';
import classes from './Rules.module.css';

type Way = 'ever' | 'last' | 'before' | 'range';

const wayOf = (within: Within | undefined): Way =>
  within === undefined ? 'ever' : !('last_days' in within) ? 'range' : within.skip_days ? 'before' : 'last';

const starts: Record<Way, Within | undefined> = {
  ever: undefined,
  last: { last_days: 90 },
  before: { last_days: 90, skip_days: 30 },
  range: { from: '', to: '' },
};

interface PeriodEditorProps {
  within: Within | undefined;
  onChange: (within: Within | undefined) => void;
}

/** When something happened: ever, in the last days, in the days before those, or between two dates. */
export function PeriodEditor({ within, onChange }: PeriodEditorProps) {
  const { t } = useTranslation('shared');
  const way = wayOf(within);
  return (
    <div className={classes.line}>
      <SegmentedControl
        aria-label={t('filter.period')}
        data={(['ever', 'last', 'before', 'range'] as const).map((value) => ({
          value,
          label: t(`filter.within.${value}Label`),
        }))}
        value={way}
        onChange={(next) => onChange(starts[next as Way])}
      />
      {within && 'last_days' in within && (
        <NumberInput
          aria-label={t(way === 'before' ? 'filter.within.beginLabel' : 'filter.within.lastLabel')}
          value={within.last_days}
          min={(within.skip_days ?? 0) + 1}
          max={36_500}
          onChange={(days) => onChange({ ...within, last_days: Number(days) || 1 })}
          suffix={t(way === 'before' ? 'filter.within.beginSuffix' : 'filter.daysSuffix')}
          style={{ width: 130 }}
        />
      )}
      {within && 'last_days' in within && within.skip_days !== undefined && (
        <NumberInput
          aria-label={t('filter.within.endLabel')}
          value={within.skip_days}
          min={1}
          max={Math.max(1, within.last_days - 1)}
          onChange={(days) => onChange({ ...within, skip_days: Number(days) || 1 })}
          suffix={t('filter.within.endSuffix')}
          style={{ width: 130 }}
        />
      )}
      {within && !('last_days' in within) && (
        <>
          <DateInput
            aria-label={t('filter.from')}
            clearable
            value={within.from || null}
            onChange={(from) => onChange({ ...within, from: from ?? undefined })}
            style={{ width: 130 }}
          />
          <DateInput
            aria-label={t('filter.to')}
            clearable
            value={within.to || null}
            onChange={(to) => onChange({ ...within, to: to ?? undefined })}
            style={{ width: 130 }}
          />
        </>
      )}
    </div>
  );
}
