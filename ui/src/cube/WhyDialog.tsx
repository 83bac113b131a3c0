// SPDX-License-Identifier: Apache-2.0
import { Modal, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { completeRules } from '@/shared/filter';
import { ErrorState, Loading } from '@/shared/page';
import { askFigureWhy, askWhy, type Compare, type CubeQuery, type ResultColumn, type Why } from './api';
import { withFilters } from './askedQuery';
import { splitLook } from './looks';
import type { ChosenCell } from './PivotTable';
import { useWrite } from './write';
import classes from './Why.module.css';

interface WhyDialogProps {
  query: CubeQuery;
  chosen: Pick<ChosenCell, 'measure' | 'cell' | 'title'>;
  /** Names a figure of whole customers instead of the measure. */
  figure?: string;
  onClose: () => void;
}

/** Why a number changed: the members of dimensions that contribute most to the difference. */
export function WhyDialog({ query, chosen, figure, onClose }: WhyDialogProps) {
  const { t } = useTranslation('cube');
  const [compare, setCompare] = useState<Compare>(query.compare ?? 'previous_period');
  const measure = splitLook(chosen.measure.replace(/\.(previous|change)$/, '')).base;
  const narrowed = withFilters(
    query,
    Object.entries(chosen.cell).map(([field, value]) =>
      value === null
        ? { field, is: 'is_not_set' as const }
        : { field, is: 'in' as const, value: [value as string | number] },
    ),
  );
  const why = useQuery({
    queryKey: ['cube-why', figure ?? measure, query.period, compare, figure ? undefined : narrowed.filters],
    queryFn: () =>
      figure
        ? askFigureWhy({ figure, period: query.period ?? { last: 1, unit: 'month' }, compare })
        : askWhy({ measure, period: query.period, compare, filters: completeRules(narrowed.filters) }),
  });
  return (
    <Modal opened onClose={onClose} title={`${t('why.ask')} · ${chosen.title}`} size="xl">
      <SegmentedControl
        size="xs"
        aria-label={t('compare')}
        value={compare}
        onChange={(value) => setCompare(value as Compare)}
        data={(['previous_period', 'previous_year'] as const).map((value) => ({
          value,
          label: t(`compares.${value}`),
        }))}
      />
      {why.isError ? (
        <ErrorState fault={why.error} onRetry={() => void why.refetch()} />
      ) : why.data ? (
        <WhyParts why={why.data} />
      ) : (
        <Loading />
      )}
    </Modal>
  );
}

/** The parts of a difference, each dimension with its members as bars to the left or right. */
export function WhyParts({ why }: { why: Why }) {
  const { t } = useTranslation('cube');
  const { writeValue, writeNumber, label, format } = useWrite();
  const measure: ResultColumn = {
    name: '',
    role: 'measure',
    label: { ko: '', en: '' },
    kind: why.kind,
    currency: why.currency,
  };
  const delta = why.now - why.before;
  const change = why.before === 0 ? undefined : delta / Math.abs(why.before);
  const isShare = why.kind === 'percent';
  const sign = (value: number) => (value > 0 ? '+' : '');
  // The difference of two shares is told in points: per cent of per cent would mislead.
  const signed = (value: number) =>
    isShare
      ? t('board.points', { n: `${sign(value)}${(value * 100).toFixed(1)}` })
      : `${sign(value)}${writeNumber(value, measure, true)}`;
  return (
    <div className={classes.why}>
      <p>
        {t('why.summary', {
          now: writeNumber(why.now, measure),
          before: writeNumber(why.before, measure),
          delta: signed(delta),
        })}
        {!isShare && change !== undefined && ` (${change > 0 ? '+' : ''}${format.percent(change)})`}
      </p>
      <p className="dim" title={t('notes.seq', { seq: why.as_of.seq })}>
        {why.from} – {why.to} · {t('notes.asOfShort', { at: format.dateTime(why.as_of.at) })}
      </p>
      {why.parts.length === 0 && <p className="dim">{t('why.none')}</p>}
      {why.parts.map((part) => {
        const most = Math.max(...part.members.map((m) => Math.abs(m.delta))) || 1;
        return (
          <section key={part.column.name}>
            <h3>
              {label(part.column.label)}
              <span className="dim"> · {t(part.concentration > 0.25 ? 'why.uneven' : 'why.even')}</span>
            </h3>
            <ul>
              {part.members.map((m) => (
                <li key={String(m.key)}>
                  <span className={classes.name}>{writeValue(m.key, part.column)}</span>
                  <span className={classes.track} aria-hidden>
                    <span
                      data-down={m.delta < 0 || undefined}
                      style={{ width: `${(Math.abs(m.delta) / most) * 50}%` }}
                    />
                  </span>
                  <span className={classes.delta}>{signed(m.delta)}</span>
                  <span className="dim">{delta === 0 ? '' : format.percent(m.share)}</span>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}
