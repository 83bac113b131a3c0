// SPDX-License-Identifier: Apache-2.0
import { Checkbox } from '@mantine/core';
import { Radar } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EventFields, eventSettings, usualEvent } from './EventFields';
import type { Prediction } from './findingApi';
import { FindingFrame } from './FindingFrame';
import { PredictionResult } from './PredictionResult';

/** Who will stop buying, or buy something of a category. */
export function PredictionPage() {
  const { t } = useTranslation('mining');
  const [event, setEvent] = useState(usualEvent);
  const [deploy, setDeploy] = useState(true);
  const foreseen = eventSettings(event);
  const settings = foreseen && { ...foreseen, deploy };
  return (
    <FindingFrame<Prediction>
      kind="prediction"
      icon={Radar}
      settings={settings}
      form={
        <>
          <EventFields label={t('finding.prediction.event')} ask={event} onChange={setEvent} />
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
