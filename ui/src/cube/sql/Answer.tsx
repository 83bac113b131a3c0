// SPDX-License-Identifier: Apache-2.0
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { useCellWindow } from '../useCellWindow';
import { textWidth } from '../tableLayout';
import type { SqlAnswer } from './api';
import classes from './Sql.module.css';

const HEIGHT = 28;
const SAMPLE = 100;

/** The rows of an answer; only those in sight are drawn. */
export function Answer({ answer }: { answer: SqlAnswer }) {
  const { t } = useTranslation('cube');
  const { number, dateTime } = useFormat();
  const box = useRef<HTMLDivElement>(null);
  const write = (value: SqlAnswer['rows'][number][number]) =>
    value === null ? '' : typeof value === 'number' ? number(value, 4) : String(value);
  const widths = answer.columns.map((column, i) =>
    Math.round(
      Math.min(
        420,
        Math.max(
          70,
          textWidth(column.name) + 24,
          ...answer.rows.slice(0, SAMPLE).map((row) => textWidth(write(row[i] ?? null)) + 22),
        ),
      ),
    ),
  );
  const shown = useCellWindow(box, answer.rows.length, HEIGHT, [Number.MAX_SAFE_INTEGER], 0);
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={box} className={classes.answer} role="region" aria-label={t('sql.answer')} tabIndex={0}>
        <table style={{ width: widths.reduce((a, b) => a + b, 0) }} aria-rowcount={answer.rows.length + 1}>
          <colgroup>
            {widths.map((width, i) => (
              <col key={answer.columns[i]?.name ?? i} style={{ width }} />
            ))}
          </colgroup>
          <thead>
            <tr>
              {answer.columns.map((column, i) => (
                <th key={`${column.name}${i}`} scope="col" data-number={column.number || undefined}>
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.top > 0 && <tr aria-hidden style={{ height: shown.top * HEIGHT }} />}
            {answer.rows.slice(shown.top, shown.bottom).map((row, i) => (
              <tr key={shown.top + i} aria-rowindex={shown.top + i + 2}>
                {row.map((value, c) => (
                  <td key={c} data-number={answer.columns[c]?.number || undefined}>
                    {value === null ? <span className="dim">NULL</span> : write(value)}
                  </td>
                ))}
              </tr>
            ))}
            {shown.bottom < answer.rows.length && (
              <tr aria-hidden style={{ height: (answer.rows.length - shown.bottom) * HEIGHT }} />
            )}
          </tbody>
        </table>
      </div>
      <div className={classes.foot}>
        <span>{t('sql.count', { count: answer.rows.length, n: number(answer.rows.length) })}</span>
        {answer.truncated && <span data-warn>{t('sql.truncated')}</span>}
        <span style={{ marginInlineStart: 'auto' }} title={t('notes.seq', { seq: answer.as_of.seq })}>
          {t('notes.asOf', { at: dateTime(answer.as_of.at), ms: number(answer.ms) })}
        </span>
      </div>
    </>
  );
}
