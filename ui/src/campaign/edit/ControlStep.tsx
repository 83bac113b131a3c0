// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Slider, Switch } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/page';
import { MoneyInput } from '@/shared/format/MoneyInput';
import { PowerPanel } from './PowerPanel';
import { PressureFields } from './PressureFields';
import type { Editor } from './useEditor';
import styles from './Edit.module.css';

const MARKS = [0, 10, 20, 30, 40, 50].map((value) => ({ value, label: `${value}%` }));
/** Shares are kept in basis points. */
const POINTS = 100;
/** Costs are kept for a thousand messages, so that fractions of a won are possible. */
const THOUSAND = 1000;

/** Step 4: who is left alone for comparison, how long one waits, and what it costs. */
export function ControlStep({ editor: { draft, change }, currency }: { editor: Editor; currency: string }) {
  const { t } = useTranslation('campaign');
  const sliderId = useId();
  return (
    <div className={styles.split}>
      <Panel title={t('edit.step.control')}>
        <div className={styles.form}>
          <div className={styles.slider}>
            <span id={sliderId}>{t('edit.controlShare')}</span>
            <Slider
              thumbProps={{ 'aria-labelledby': sliderId }}
              min={0}
              max={50}
              step={1}
              marks={MARKS}
              label={(value) => `${value}%`}
              value={draft.control_share / POINTS}
              onChange={(value) => change({ control_share: value * POINTS })}
            />
          </div>
          <p className="dim" style={{ margin: 0 }}>
            {t('edit.controlHint')}
          </p>
          <div className={styles.pair}>
            <NumberInput
              label={t('edit.controlLeast')}
              description={t('edit.controlLeastHint')}
              min={0}
              step={100}
              thousandSeparator=","
              value={draft.control_minimum}
              onChange={(value) => change({ control_minimum: Number(value) || 0 })}
            />
            <NumberInput
              label={t('edit.window')}
              description={t('edit.windowHint')}
              min={1}
              max={365}
              value={draft.window_days}
              onChange={(days) => change({ window_days: Number(days) || 1 })}
            />
          </div>
          <div className={styles.pair}>
            <MoneyInput
              label={t('edit.costThousand')}
              description={t('edit.costThousandHint')}
              value={draft.message_cost}
              currency={currency}
              onChange={(amount) => change({ message_cost: amount })}
            />
            <NumberInput
              label={t('edit.margin')}
              description={t('edit.marginHint')}
              min={0}
              max={100}
              value={draft.margin_share / POINTS}
              onChange={(value) => change({ margin_share: Math.round(Number(value || 0) * POINTS) })}
              rightSection={<span className="dim">%</span>}
            />
          </div>
          <div className={styles.pair}>
            <NumberInput
              label={t('edit.rate')}
              description={t('edit.rateHint')}
              min={0}
              step={THOUSAND}
              thousandSeparator=","
              value={draft.rate_per_minute}
              onChange={(value) => change({ rate_per_minute: Number(value) || 0 })}
            />
            <Switch
              label={t('edit.tracked')}
              description={t('edit.trackedHint')}
              checked={draft.is_tracked}
              onChange={(event) => change({ is_tracked: event.currentTarget.checked })}
            />
          </div>
          <PressureFields intent={draft.intent} onChange={(intent) => change({ intent })} />
        </div>
      </Panel>
      <PowerPanel draft={draft} />
    </div>
  );
}
