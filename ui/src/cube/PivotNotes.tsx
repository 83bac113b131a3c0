// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { reasonText, useFormat } from '@/shared/format';
import type { CubeResult } from './api';
import classes from './Pivot.module.css';

/** Below a pivot: what it includes, which period, and what must be known to read it right. */
export function PivotNotes({ result }: { result: CubeResult }) {
  const { t } = useTranslation('cube');
  const { dateTime, number } = useFormat();
  return (
    <div className={classes.notes}>
      {result.from && <span>{t('notes.period', { from: result.from, to: result.to })}</span>}
      {result.previous_from && (
        <span>{t('notes.previous', { from: result.previous_from, to: result.previous_to })}</span>
      )}
      <span>{t('notes.rows', { count: result.row_count, n: number(result.row_count) })}</span>
      {result.notes?.map((note) => (
        <span key={note.code} data-warn>
          {translate(`cube:faults.${note.code.replace(/^cube\./, '')}`, note.message, note.fields)}
        </span>
      ))}
      <span style={{ marginInlineStart: 'auto' }} title={t('notes.seq', { seq: result.as_of.seq })}>
        {t('notes.asOf', { at: dateTime(result.as_of.at), ms: number(result.ms) })}
        {result.explain && (
          <span title={reasonText(result.explain.why)}>
            {' '}
            · {t(`engine.${result.cached ? 'cached' : result.explain.engine}`)}
          </span>
        )}
      </span>
    </div>
  );
}
