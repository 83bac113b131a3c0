// SPDX-License-Identifier: Apache-2.0
import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, Stat } from '@/shared/page';
import { segmentCountQuery, segmentsQuery, type CampaignDraft } from '../api';
import { controlSize } from '../power';
import { PowerHint } from './PowerHint';
import styles from './Edit.module.css';

const USUAL_RATE = 3;

/** What the groups will be able to show, from the size of the segment as it is now. */
export function PowerPanel({ draft }: { draft: CampaignDraft }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const { data: segments } = useQuery(segmentsQuery);
  const segment = segments?.items.find((s) => s.id === draft.segment_id);
  const { data } = useQuery({ ...segmentCountQuery(segment?.rules), enabled: segment !== undefined });
  const [rate, setRate] = useState(USUAL_RATE);
  if (!data) return null;
  const control = controlSize(data.count, draft.control_share, draft.control_minimum);
  const treatment = data.count - control;
  return (
    <Panel title={t('power.title')} aside={t('power.most')}>
      <div className={styles.form}>
        <div className={styles.stats}>
          <Stat label={t('edit.segment')} value={number(data.count)} />
          <Stat label={t('arm.treatment')} value={number(treatment)} />
          <Stat label={t('arm.control')} value={number(control)} />
        </div>
        <NumberInput
          label={t('power.base')}
          description={t('power.baseHint')}
          min={0.1}
          max={90}
          step={0.5}
          decimalScale={1}
          value={rate}
          onChange={(value) => setRate(Number(value) || USUAL_RATE)}
          rightSection={<span className="dim">%</span>}
        />
        <PowerHint treatment={treatment} control={control} rate={rate / 100} />
      </div>
    </Panel>
  );
}
