// SPDX-License-Identifier: Apache-2.0
import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { costQuery } from '../api';
import { fieldName, kindName, ruleName } from '../words';
import classes from './Run.module.css';

/** What a run will cost, rehearsed with a sample: pairs by rule, time, and how the fields are understood. */
export function CostView({ saved }: { saved: boolean }) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const cost = useQuery(costQuery(saved));
  if (cost.isPending) {
    return (
      <p className={classes.cost} role="status">
        <Loader size={14} /> {t('cost.working')}
      </p>
    );
  }
  if (cost.isError) {
    return <p className={classes.cost}>{cost.error.message}</p>;
  }
  const { records, sampled, pairs, seconds, rules, columns } = cost.data;
  const minutes = Math.ceil(seconds / 60);
  return (
    <section className={classes.cost} aria-label={t('cost.title')}>
      <p>
        {t('cost.pairs', { records: number(records), pairs: number(pairs), each: number(pairs / records, 1) })}{' '}
        {minutes > 1 ? t('cost.minutes', { n: number(minutes) }) : t('cost.seconds', { n: number(seconds) })}
      </p>
      <p className="dim">{t('cost.sampled', { n: number(sampled) })}</p>
      <details>
        <summary>{t('cost.rules', { n: rules.length })}</summary>
        <ul>
          {rules.map((rule) => (
            <li key={rule.label}>
              {ruleName(rule.label)} <span className="dim num">{number(rule.pairs)}</span>
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>{t('cost.columns', { n: columns.length })}</summary>
        <ul>
          {columns.map((column) => (
            <li key={column.name}>
              {fieldName(column.name)}{' '}
              <span className="dim">
                {t('cost.column', { kind: kindName(column.kind), filled: number(100 * column.filled, 0) })}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
