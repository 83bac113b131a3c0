// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { formatPhone, useFormat } from '@/shared/format';
import { difference } from '../diff';
import { fieldName, levelName } from '../words';
import type { PairDetail, Step } from '../api';
import { Diff } from './Diff';
import classes from './Review.module.css';

/** Where bars begin and end, as shares of the width. */
interface Scale {
  at: (weight: number) => number;
}

function scaleOf(detail: PairDetail, steps: Step[]): Scale {
  let sum = detail.prior;
  let low = Math.min(0, sum);
  let high = Math.max(0, sum);
  for (const step of steps) {
    sum += step.weight;
    low = Math.min(low, sum);
    high = Math.max(high, sum);
  }
  const room = Math.max(1, high - low);
  return { at: (weight) => (100 * (weight - low)) / room };
}

function Bar({ from, to, scale }: { from: number; to: number; scale: Scale }) {
  const a = scale.at(Math.min(from, to));
  const b = scale.at(Math.max(from, to));
  return (
    <span className={classes.track} aria-hidden>
      <span className={classes.zero} style={{ insetInlineStart: `${scale.at(0)}%` }} />
      <span
        className={classes.bar}
        data-for={to >= from || undefined}
        style={{ insetInlineStart: `${a}%`, width: `${Math.max(0.6, b - a)}%` }}
      />
    </span>
  );
}

/** A value as people write it. */
const shown = (field: string, value: string | undefined) => {
  if (!value) return '';
  if (field === 'mobile' || field === 'phone') return formatPhone(value);
  return field === 'sex' ? translate(`customer:choice.${value}`, value) : value;
};

/** Both records field by field, what differs marked, and how each field moves the match weight. */
export function Waterfall({ detail }: { detail: PairDetail }) {
  const { t } = useTranslation('match');
  const { number, percent } = useFormat();
  const steps = (detail.steps ?? []).filter((step) => step.left || step.right);
  const scale = scaleOf(detail, steps);
  const sign = (weight: number) => {
    const tenths = Math.round(weight * 10) / 10 || 0; // never -0
    return `${tenths > 0 ? '+' : ''}${number(tenths, 1)}`;
  };
  let sum = detail.prior;
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('pair.field')}</th>
            <th scope="col">#{detail.low_id}</th>
            <th scope="col">#{detail.high_id}</th>
            <th scope="col" className={classes.level}>
              {t('pair.likeness')}
            </th>
            <th scope="col" className={classes.weight}>
              {t('pair.weight')}
            </th>
            <th scope="col" aria-hidden />
          </tr>
        </thead>
        <tbody>
          <tr className={classes.quiet}>
            <th scope="row">{t('pair.prior')}</th>
            <td colSpan={3}>{t('pair.priorText')}</td>
            <td className={classes.weight}>{sign(detail.prior)}</td>
            <td>
              <Bar from={0} to={detail.prior} scale={scale} />
            </td>
          </tr>
          {steps.map((step) => {
            const from = sum;
            sum += step.weight;
            const [left, right] = difference(shown(step.field, step.left), shown(step.field, step.right));
            return (
              <tr key={step.field} data-missing={step.level === 0 || undefined}>
                <th scope="row">{fieldName(step.field)}</th>
                <td>{step.right ? <Diff pieces={left} /> : shown(step.field, step.left)}</td>
                <td>{step.left ? <Diff pieces={right} /> : shown(step.field, step.right)}</td>
                <td className={classes.level}>
                  {step.level === 0 && step.left && step.right ? t('pair.notCompared') : levelName(step.label)}
                </td>
                <td className={classes.weight}>{step.level === 0 ? '–' : sign(step.weight)}</td>
                <td>{step.level > 0 && <Bar from={from} to={sum} scale={scale} />}</td>
              </tr>
            );
          })}
          <tr className={classes.total}>
            <th scope="row">{t('pair.total')}</th>
            <td colSpan={3}>{t('pair.probability', { p: percent(detail.probability, 1) })}</td>
            <td className={classes.weight}>{sign(detail.weight)}</td>
            <td>
              <Bar from={0} to={detail.weight} scale={scale} />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
