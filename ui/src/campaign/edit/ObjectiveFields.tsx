// SPDX-License-Identifier: Apache-2.0
import { NumberInput, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Intent, Objective } from '../api';
import { MoneyInput } from '@/shared/format/MoneyInput';
import styles from './Edit.module.css';

const POINTS = 100;

interface ObjectiveFieldsProps {
  intent: Intent;
  currency: string;
  onChange: (intent: Intent) => void;
}

/** The measure that decides, how much of it, and what is expected. */
export function ObjectiveFields({ intent, currency, onChange }: ObjectiveFieldsProps) {
  const { t } = useTranslation('campaign');
  const set = (part: Partial<Intent>) => onChange({ ...intent, ...part });
  const isRevenue = intent.objective === 'revenue';
  return (
    <>
      <div>
        <span className={styles.label}>{t('intent.objective')}</span>
        <SegmentedControl
          fullWidth
          aria-label={t('intent.objective')}
          value={intent.objective ?? 'conversion'}
          onChange={(objective) => set({ objective: objective as Objective, target: undefined })}
          data={(['conversion', 'revenue'] as const).map((value) => ({ value, label: t(`intent.${value}`) }))}
        />
      </div>
      <div className={styles.pair}>
        {isRevenue ? (
          <MoneyInput
            label={t('intent.target')}
            description={t('intent.targetHint')}
            value={intent.target ?? 0}
            currency={currency}
            onChange={(target) => set({ target: target || undefined })}
          />
        ) : (
          <NumberInput
            label={t('intent.target')}
            description={t('intent.targetHint')}
            min={0}
            thousandSeparator=","
            value={intent.target ?? 0}
            onChange={(target) => set({ target: Number(target) || undefined })}
            rightSection={<span className="dim">{t('intent.buyersUnit')}</span>}
            rightSectionWidth={48}
          />
        )}
        <NumberInput
          label={t('intent.lift')}
          description={t('intent.liftHint')}
          min={0}
          max={100}
          step={0.1}
          decimalScale={2}
          value={(intent.expected_lift ?? 0) / POINTS}
          onChange={(lift) => set({ expected_lift: Math.round(Number(lift || 0) * POINTS) || undefined })}
          rightSection={<span className="dim">%p</span>}
          rightSectionWidth={40}
        />
      </div>
      <div className={styles.pair}>
        <MoneyInput
          label={t('intent.fixed')}
          description={t('intent.fixedHint')}
          value={intent.fixed_cost ?? 0}
          currency={currency}
          onChange={(cost) => set({ fixed_cost: cost || undefined })}
        />
        <MoneyInput
          label={t('intent.incentive')}
          description={t('intent.incentiveHint')}
          value={intent.incentive ?? 0}
          currency={currency}
          onChange={(incentive) => set({ incentive: incentive || undefined })}
        />
      </div>
    </>
  );
}
