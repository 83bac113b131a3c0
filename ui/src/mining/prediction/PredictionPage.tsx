// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, Collapse } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, Radar } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EventFields, eventSettings, usualEvent } from '../EventFields';
import { FindingFrame } from '../FindingFrame';
import type { Prediction } from './api';
import { DriftWarning } from './DriftWarning';
import { MoreFields, moreSettings, usualMore } from './MoreFields';
import { PredictionResult } from './PredictionResult';

/** Who will stop buying, buy something, answer a campaign, unsubscribe or return goods. */
export function PredictionPage() {
  const { t } = useTranslation('mining');
  const [event, setEvent] = useState(usualEvent);
  const [more, setMore] = useState(usualMore);
  const [isOpen, setOpen] = useState(false);
  const [deploy, setDeploy] = useState(true);
  const foreseen = eventSettings(event);
  const settings = foreseen && { ...foreseen, ...moreSettings(more), deploy };
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <FindingFrame<Prediction>
      kind="prediction"
      icon={Radar}
      settings={settings}
      before={<DriftWarning />}
      actions={
        <Button component={Link} to="/models" variant="default">
          {t('models.title')}
        </Button>
      }
      form={
        <>
          <EventFields label={t('finding.prediction.event')} ask={event} onChange={setEvent} />
          <Checkbox
            label={t('finding.prediction.deploy')}
            checked={deploy}
            onChange={(e) => setDeploy(e.currentTarget.checked)}
            pb={6}
          />
          <Button
            variant="subtle"
            leftSection={<Arrow size={14} />}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {t('finding.prediction.more')}
          </Button>
          <Collapse expanded={isOpen} style={{ flexBasis: '100%' }}>
            <MoreFields more={more} onChange={setMore} />
          </Collapse>
        </>
      }
    >
      {(result, run) => <PredictionResult key={run.id} result={result} />}
    </FindingFrame>
  );
}
