// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { RfmBox } from '../api';
import classes from '../Rfm.module.css';
import type { MapValue } from './RfmMap';

const steps = [5, 4, 3, 2, 1];

/** One of the 125 boxes by its scores. */
export interface Place {
  r: number;
  f: number;
  m?: number;
}

interface RfmCubeProps {
  boxes: RfmBox[];
  value: MapValue;
  currency: string;
  chosen?: Place;
  onChoose: (place: Place) => void;
}

/** The 5×5×5 cube, cut into five maps by money. */
export function RfmCube({ boxes, value, currency, chosen, onChoose }: RfmCubeProps) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact } = useFormat();
  const of = (box: RfmBox | undefined) =>
    box === undefined ? 0 : value === 'average' ? box.revenue / Math.max(1, box.customers) : box[value];
  const most = Math.max(1, ...boxes.map(of));
  return (
    <div className={classes.cube} role="group" aria-label={t('rfm.cube')}>
      {steps.map((m) => (
        <div key={m} className={classes.slice} role="group" aria-label={`M${m}`}>
          <span className={classes.step}>{t('rfm.slice', { m })}</span>
          {steps.map((r) => (
            <div key={r} className={classes.small}>
              {steps.toReversed().map((f) => {
                const box = boxes.find((b) => b.r === r && b.f === f && b.m === m);
                const label = `R${r} F${f} M${m}: ${t('rfm.boxTitle', {
                  n: number(box?.customers ?? 0),
                  revenue: moneyCompact(box?.revenue ?? 0, currency),
                })}`;
                return (
                  <button
                    key={f}
                    type="button"
                    className={classes.cell}
                    style={{ '--heat': `${Math.round(Math.sqrt(of(box) / most) * 100)}%` } as CSSProperties}
                    aria-pressed={chosen?.r === r && chosen.f === f && chosen.m === m}
                    aria-label={label}
                    title={label}
                    onClick={() => onChoose({ r, f, m })}
                  >
                    {box
                      ? value === 'customers'
                        ? number(box.customers)
                        : moneyCompact(Math.round(of(box)), currency)
                      : '·'}
                  </button>
                );
              })}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
