// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { minorDigits } from '@/shared/format/formatters';
import { useFormat } from '@/shared/format';
import { Panel, Stat } from '@/shared/page';
import classes from '../Rfm.module.css';
import own from '../run/Run.module.css';
import type { ValueResult } from './api';
import { useSegment } from '../useSegment';
import form from './Value.module.css';

/** Margin of a customer over a life: m·r/(1 + d − r) a year (Gupta & Lehmann 2003). */
function lifetime(margin: number, rate: number, discount: number): number {
  return (margin * rate) / (1 + discount - rate);
}

/** What keeping a few more is worth, on own figures that can be changed. */
export function Retention({ result }: { result: ValueResult }) {
  const { t } = useTranslation('mining');
  const { number, percent, money, moneyCompact } = useFormat();
  const segment = useSegment();
  const kept = result.retention;
  const [ask, setAsk] = useState({
    rate: Math.round(kept.rate * 1000) / 10,
    more: 5,
    margin: Math.round(result.settings.margin * 100),
    discount: 10,
    cost: 0,
    win: result.settings.acquisition_cost / 10 ** minorDigits(result.currency),
  });
  const set = (change: Partial<typeof ask>) => setAsk({ ...ask, ...change });
  const margin = (kept.revenue_per_buyer * ask.margin) / 100;
  const now = lifetime(margin, Math.min(ask.rate, 99) / 100, ask.discount / 100);
  const then = lifetime(margin, Math.min(ask.rate + ask.more, 99) / 100, ask.discount / 100);
  const gain = (then - now - ask.cost * 10 ** minorDigits(result.currency)) * kept.buyers;
  // Who leaves must be replaced: what keeping and what winning the same customers costs.
  const unit = 10 ** minorDigits(result.currency);
  const saved = Math.max(0, kept.buyers * (Math.min(ask.rate + ask.more, 99) - Math.min(ask.rate, 99))) / 100;
  const replaced = saved * ask.win * unit;
  const keeping = kept.buyers * ask.cost * unit;
  const write = (v: number) => moneyCompact(Math.round(v), result.currency);
  const fields = [
    { key: 'rate', min: 0, max: 99, suffix: ' %' },
    { key: 'more', min: 0, max: 50, suffix: ' %p' },
    { key: 'margin', min: 1, max: 100, suffix: ' %' },
    { key: 'discount', min: 0, max: 50, suffix: ' %' },
    { key: 'cost', min: 0, max: 1e12, suffix: '' },
    { key: 'win', min: 0, max: 1e12, suffix: '' },
  ] as const;
  return (
    <div className={classes.stack}>
      <p className={own.words}>
        {t('value.lossWords', {
          top: number(kept.top),
          revenue: write(kept.top_revenue),
          loss: write(kept.loss_of_five_percent),
          n: number(Math.max(1, Math.round(kept.top * 0.05))),
        })}
      </p>
      <div className={classes.stats}>
        <Stat
          label={t('value.keptRate')}
          value={percent(kept.rate)}
          note={t('value.keptNote', { kept: number(kept.kept), before: number(kept.before) })}
        />
        <Stat label={t('value.perBuyer')} value={money(Math.round(kept.revenue_per_buyer), result.currency)} />
        <Stat label={t('value.loss')} value={write(kept.loss_of_five_percent)} note={t('value.lossNote')} />
        <Stat
          label={t('value.gain')}
          value={write(gain)}
          note={t('value.gainNote', { more: ask.more })}
          tone={gain >= 0 ? 'good' : 'bad'}
        />
      </div>
      <Panel title={t('value.calculator')} aside={t('value.calculatorNote')}>
        <div className={form.below}>
          <div className={form.form} style={{ width: '100%' }}>
            {fields.map(({ key, ...field }) => (
              <NumberInput
                key={key}
                label={t(`value.ask.${key}`)}
                value={ask[key]}
                onChange={(v) => typeof v === 'number' && set({ [key]: v })}
                decimalScale={1}
                {...field}
              />
            ))}
          </div>
          <p className={own.words}>
            {t('value.calculatorWords', {
              now: write(now),
              later: write(then),
              gain: write(gain),
              buyers: number(kept.buyers),
            })}
          </p>
          <p className={own.words}>
            {t('value.newAgainstKept', {
              n: number(Math.round(saved)),
              win: write(replaced),
              keep: write(keeping),
              times: keeping > 0 ? number(replaced / keeping, 1) : '–',
            })}
          </p>
          <Button
            variant="default"
            onClick={() =>
              segment(
                t('value.bestAtRisk'),
                { field: 'value_tenth', is: 'lte', value: 2 },
                { field: 'value_stage', is: 'in', value: ['at_risk'] },
              )
            }
          >
            {t('value.bestAtRiskGo')}
          </Button>
        </div>
      </Panel>
    </div>
  );
}
