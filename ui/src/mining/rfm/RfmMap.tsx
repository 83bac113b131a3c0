// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { RfmBox } from '../api';
import classes from '../Rfm.module.css';

/** What the colour and number of a box tell. */
export type MapValue = 'customers' | 'revenue' | 'average';

interface RfmMapProps {
  boxes: RfmBox[];
  value: MapValue;
  currency?: string;
  chosen?: { r: number; f: number };
  onChoose: (r: number, f: number) => void;
}

const steps = [5, 4, 3, 2, 1];

/** The 5×5 map: recency down, frequency across; every box is a button to its people. */
export function RfmMap({ boxes, value, currency, chosen, onChoose }: RfmMapProps) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact } = useFormat();
  const cell = (r: number, f: number) => {
    const inside = boxes.filter((b) => b.r === r && b.f === f);
    const customers = inside.reduce((sum, b) => sum + b.customers, 0);
    const revenue = inside.reduce((sum, b) => sum + b.revenue, 0);
    return { customers, revenue, average: customers > 0 ? revenue / customers : 0 };
  };
  const most = Math.max(1, ...steps.flatMap((r) => steps.map((f) => cell(r, f)[value])));
  const write = (n: number) => (value === 'customers' ? number(n) : moneyCompact(Math.round(n), currency));
  return (
    <div className={classes.map} role="group" aria-label={t('rfm.map')}>
      <span className={classes.axisY}>{t('rfm.recency')}</span>
      <div className={classes.grid}>
        {steps.map((r) => (
          <div key={r} className={classes.row}>
            <span className={classes.step}>R{r}</span>
            {steps.toReversed().map((f) => {
              const found = cell(r, f);
              return (
                <button
                  key={f}
                  type="button"
                  className={classes.box}
                  style={{ '--heat': `${Math.round(Math.sqrt(found[value] / most) * 100)}%` } as CSSProperties}
                  aria-pressed={chosen?.r === r && chosen.f === f}
                  aria-label={t('rfm.boxLabel', { r, f, n: number(found.customers) })}
                  title={t('rfm.boxTitle', {
                    n: number(found.customers),
                    revenue: moneyCompact(found.revenue, currency),
                  })}
                  onClick={() => onChoose(r, f)}
                >
                  {found.customers > 0 ? write(found[value]) : '·'}
                </button>
              );
            })}
          </div>
        ))}
        <div className={classes.row}>
          <span className={classes.step} />
          {steps.toReversed().map((f) => (
            <span key={f} className={classes.step}>
              F{f}
            </span>
          ))}
        </div>
        <span className={classes.axisX}>{t('rfm.frequency')}</span>
      </div>
    </div>
  );
}
