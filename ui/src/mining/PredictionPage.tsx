// SPDX-License-Identifier: Apache-2.0
import { Checkbox, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Radar } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { choicesQuery, type Prediction } from './findingApi';
import { FindingFrame } from './FindingFrame';
import { PredictionResult } from './PredictionResult';

const horizons = ['30', '60', '90', '180'];

/** Who will stop buying, or buy something of a category. */
export function PredictionPage() {
  const { t } = useTranslation('mining');
  const choices = useQuery(choicesQuery);
  const [event, setEvent] = useState<'stops' | 'buys'>('stops');
  const [category, setCategory] = useState<string | null>(null);
  const [horizon, setHorizon] = useState('90');
  const [deploy, setDeploy] = useState(true);
  const settings =
    event === 'buys' && !category
      ? undefined
      : { event, category: event === 'buys' ? category : undefined, horizon_days: Number(horizon), deploy };
  return (
    <FindingFrame<Prediction>
      kind="prediction"
      icon={Radar}
      settings={settings}
      form={
        <>
          <Select
            label={t('finding.prediction.event')}
            data={(['stops', 'buys'] as const).map((e) => ({ value: e, label: t(`finding.prediction.events.${e}`) }))}
            value={event}
            allowDeselect={false}
            onChange={(e) => e && setEvent(e as 'stops' | 'buys')}
            w={200}
          />
          {event === 'buys' && (
            <Select
              label={t('finding.category')}
              searchable
              data={choices.data?.categories ?? []}
              value={category}
              onChange={setCategory}
              w={200}
            />
          )}
          <Select
            label={t('finding.prediction.horizon')}
            data={horizons.map((n) => ({ value: n, label: t('finding.days', { n }) }))}
            value={horizon}
            allowDeselect={false}
            onChange={(n) => n && setHorizon(n)}
            w={130}
          />
          <Checkbox
            label={t('finding.prediction.deploy')}
            checked={deploy}
            onChange={(e) => setDeploy(e.currentTarget.checked)}
            pb={6}
          />
        </>
      }
    >
      {(result) => <PredictionResult result={result} />}
    </FindingFrame>
  );
}
