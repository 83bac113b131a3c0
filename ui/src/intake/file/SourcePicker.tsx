// SPDX-License-Identifier: Apache-2.0
import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchesHangul } from '@/shared/format';
import { sourcesQuery } from '../api';

/** Where the file is from: one of the known sources, or the name of a new one. */
export function SourcePicker({ value, onChange }: { value: string; onChange: (source: string) => void }) {
  const { t } = useTranslation('intake');
  const { data } = useQuery(sourcesQuery);
  const [typed, setTyped] = useState<string>();
  const sources = (data?.items ?? []).filter((source) => source.kind !== 'staff');
  const isNew = data !== undefined && value.trim() !== '' && !sources.some((source) => source.name === value.trim());
  return (
    <Autocomplete
      label={t('file.source')}
      description={isNew ? t('file.sourceNew') : t('file.sourceHint')}
      placeholder={t('file.sourcePlaceholder')}
      required
      data-autofocus
      data={sources.map((source) => source.label)}
      filter={({ options, search }) =>
        options.filter((option) => 'label' in option && matchesHangul(option.label, search))
      }
      value={typed ?? sources.find((source) => source.name === value)?.label ?? value}
      onChange={(text) => {
        setTyped(text);
        onChange(sources.find((source) => source.label === text)?.name ?? text);
      }}
      maxLength={80}
    />
  );
}
