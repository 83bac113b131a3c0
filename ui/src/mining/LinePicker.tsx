// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lineNamesQuery, type LineBy } from './rfm/api';

/** A business line: the purchases with one value of a dimension. */
export interface Line {
  by: LineBy;
  value: string;
}

export const lineBys = ['department', 'category', 'brand', 'channel', 'store'] as const;

/** Chooses the whole business or one line of it. */
export function LinePicker({ value, onChange }: { value?: Line; onChange: (line?: Line) => void }) {
  const { t } = useTranslation('mining');
  const [by, setBy] = useState<LineBy | undefined>(value?.by);
  const names = useQuery(lineNamesQuery(by));
  return (
    <>
      <Select
        aria-label={t('line.by')}
        data={[
          { value: '', label: t('line.whole') },
          ...lineBys.map((one) => ({ value: one, label: t(`line.bys.${one}`) })),
        ]}
        value={by ?? ''}
        allowDeselect={false}
        onChange={(next) => {
          setBy((next || undefined) as LineBy | undefined);
          onChange(undefined);
        }}
        w={130}
      />
      {by && (
        <Select
          aria-label={t('line.value')}
          placeholder={t('line.choose')}
          data={(names.data?.items ?? []).map((one) => one.value)}
          value={value?.value ?? null}
          onChange={(next) => onChange(next ? { by, value: next } : undefined)}
          nothingFoundMessage={t('line.none')}
          searchable
          w={150}
        />
      )}
    </>
  );
}
