// SPDX-License-Identifier: Apache-2.0
import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { measures, offersQuery, ownSeriesQuery, steps, type SeriesAsk, type Step } from './api';
import { UploadModal } from './UploadModal';

interface SeriesPickerProps {
  value: SeriesAsk;
  onChange: (next: SeriesAsk) => void;
}

/** Which series and in which steps: one of the product's, or one that somebody brings along. */
export function SeriesPicker({ value, onChange }: SeriesPickerProps) {
  const { t } = useTranslation('mining');
  const can = useCan();
  const [isUploading, setUploading] = useState(false);
  const own = useQuery(ownSeriesQuery).data?.items ?? [];
  const offers = useQuery({ ...offersQuery, enabled: value.measure === 'offers' && can('campaign:read') });
  const key = value.measure === 'own' ? `own:${value.own_id}` : value.measure;
  const stepOf = (step: string): Step => (steps.includes(step as Step) ? (step as Step) : 'month');
  const choose = (next: string) => {
    const [measure, id] = next.split(':');
    if (measure !== 'own') return onChange({ measure: next as SeriesAsk['measure'], step: value.step });
    const one = own.find((series) => series.id === Number(id));
    onChange({ measure: 'own', own_id: Number(id), step: stepOf(one?.step ?? value.step) });
  };
  return (
    <>
      <Select
        aria-label={t('series.measure')}
        data={[
          { group: t('series.ours'), items: measures.map((m) => ({ value: m, label: t(`series.measures.${m}`) })) },
          ...(own.length > 0
            ? [{ group: t('series.yours'), items: own.map((one) => ({ value: `own:${one.id}`, label: one.name })) }]
            : []),
        ]}
        value={key}
        allowDeselect={false}
        onChange={(next) => next && choose(next)}
        w={180}
      />
      {value.measure === 'offers' && (
        <Select
          aria-label={t('series.offer')}
          data={[
            { value: '0', label: t('series.allOffers') },
            ...(offers.data?.items ?? []).map((one) => ({ value: String(one.id), label: one.name })),
          ]}
          value={String(value.offer_id ?? 0)}
          allowDeselect={false}
          onChange={(id) => onChange({ ...value, offer_id: Number(id) || undefined })}
          w={170}
        />
      )}
      <Select
        aria-label={t('forecast.step')}
        data={steps.map((s) => ({ value: s, label: t(`forecast.steps.${s}`) }))}
        value={value.step}
        allowDeselect={false}
        onChange={(step) => step && onChange({ ...value, step: step as Step })}
        w={100}
      />
      {can('mining:update') && (
        <Button variant="default" leftSection={<Upload size={16} aria-hidden />} onClick={() => setUploading(true)}>
          {t('series.bring')}
        </Button>
      )}
      {isUploading && (
        <UploadModal
          onClose={() => setUploading(false)}
          onMade={(made) => {
            setUploading(false);
            onChange({ measure: 'own', own_id: made.id, step: stepOf(made.step) });
          }}
        />
      )}
    </>
  );
}

/** The name of what is looked at. */
export function useSeriesName() {
  const { t } = useTranslation('mining');
  return (ask: { measure: string }, name?: string) =>
    name || t(`series.measures.${ask.measure}` as 'series.measures.revenue', { defaultValue: ask.measure });
}
