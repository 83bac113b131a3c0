// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { rfmGroups, segmentChoicesQuery } from './findingApi';

/** Whom a finding is about: everybody, an RFM group or a segment. */
export interface Audience {
  group?: string;
  segment_id?: number;
}

const keyOf = ({ group, segment_id: id }: Audience) => (group ? `g:${group}` : id ? `s:${id}` : '');

function audienceOf(key: string): Audience {
  if (key.startsWith('g:')) return { group: key.slice(2) };
  return key.startsWith('s:') ? { segment_id: Number(key.slice(2)) } : {};
}

interface AudienceSelectProps {
  value: Audience;
  onChange: (next: Audience) => void;
  /** Whether everybody may be chosen. */
  withAll?: boolean;
}

/** Chooses an RFM group or a saved segment. */
export function AudienceSelect({ value, onChange, withAll = true }: AudienceSelectProps) {
  const { t } = useTranslation('mining');
  const segments = useQuery(segmentChoicesQuery);
  const saved = (segments.data?.items ?? []).map((one) => ({ value: `s:${one.id}`, label: one.name }));
  return (
    <Select
      label={t('finding.audience')}
      searchable
      allowDeselect={false}
      placeholder={withAll ? undefined : t('finding.choose')}
      data={[
        ...(withAll ? [{ value: '', label: t('finding.everybody') }] : []),
        {
          group: t('finding.group'),
          items: rfmGroups.map((g) => ({ value: `g:${g}`, label: t(`finding.groups.${g}`) })),
        },
        ...(saved.length > 0 ? [{ group: t('finding.segment'), items: saved }] : []),
      ]}
      value={keyOf(value) || (withAll ? '' : null)}
      onChange={(key) => key !== null && onChange(audienceOf(key))}
      w={210}
    />
  );
}
