// SPDX-License-Identifier: Apache-2.0
import { MultiSelect, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { segmentsQuery, type Intent } from '../api';
import styles from './Edit.module.css';

const USUAL_DAYS = 7;
const MOST = 20;

/** Whom to spare because they got enough, and by which segments the result is told apart. */
export function PressureFields({ intent, onChange }: { intent: Intent; onChange: (intent: Intent) => void }) {
  const { t } = useTranslation('campaign');
  const { data: segments } = useQuery(segmentsQuery);
  return (
    <>
      <div className={styles.pair}>
        <NumberInput
          label={t('intent.pressure')}
          description={t('intent.pressureHint')}
          min={0}
          max={1000}
          value={intent.pressure_most ?? 0}
          onChange={(most) =>
            onChange({
              ...intent,
              pressure_most: Number(most) || undefined,
              pressure_days: Number(most) ? (intent.pressure_days ?? USUAL_DAYS) : undefined,
            })
          }
        />
        <NumberInput
          label={t('intent.pressureDays')}
          description={t('intent.pressureDaysHint')}
          min={1}
          max={365}
          disabled={!intent.pressure_most}
          value={intent.pressure_days ?? USUAL_DAYS}
          onChange={(days) => onChange({ ...intent, pressure_days: Number(days) || USUAL_DAYS })}
        />
      </div>
      <MultiSelect
        label={t('intent.breakdown')}
        description={t('intent.breakdownHint')}
        searchable
        maxValues={MOST}
        data={segments?.items.map((segment) => ({ value: String(segment.id), label: segment.name })) ?? []}
        value={(intent.breakdown ?? []).map(String)}
        onChange={(ids) => onChange({ ...intent, breakdown: ids.length > 0 ? ids.map(Number) : undefined })}
      />
    </>
  );
}
