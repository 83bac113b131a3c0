// SPDX-License-Identifier: Apache-2.0
import { Loader, Progress } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { useFormat } from '@/shared/format';
import { isMaskedFault, UnmaskButton } from '@/shared/page';
import type { Preview } from './api';
import { Engine } from './StateLine';
import classes from './LiveCount.module.css';

/** The count that follows the rules while they are typed, with its share, its age and some of the people. */
export function LiveCount({ result }: { result: UseQueryResult<Preview> }) {
  const { t } = useTranslation('segment');
  const { number, percent, dateTime, money } = useFormat();
  const { data } = result;
  const share = data && data.total > 0 ? data.count / data.total : 0;
  return (
    <aside className={classes.panel} aria-live="polite" aria-busy={result.isFetching}>
      <div className={classes.label}>
        {t('live.now')} {result.isFetching && <Loader size={11} />}
      </div>
      {result.isError ? (
        <>
          <p role="alert" className={classes.fault}>
            {faultText(result.error)}
          </p>
          {isMaskedFault(result.error) && <UnmaskButton />}
        </>
      ) : (
        data && (
          <>
            <div className={classes.count}>
              <span data-testid="segment-count">{number(data.count)}</span>
              <small>{t('live.people')}</small>
            </div>
            <Progress value={share * 100} size={6} aria-label={t('live.share')} />
            <div className="dim">{t('live.of', { share: percent(share), total: number(data.total) })}</div>
            <div className={classes.asOf} title={t('live.seq', { seq: data.as_of.seq })}>
              {t('live.asOf', { at: dateTime(data.as_of.at), ms: number(data.ms, 1) })} ·{' '}
              <Engine explain={data.explain} />
            </div>
            {data.revenue && (
              <div className={classes.money} data-testid="segment-revenue">
                <strong>{money(data.revenue.amount, data.revenue.currency)}</strong>
                <span className="dim">{t('live.revenue', { days: data.revenue.days })}</span>
                {data.count > 0 && (
                  <span className="dim">
                    {t('live.each', {
                      amount: money(Math.round(data.revenue.amount / data.count), data.revenue.currency),
                    })}
                  </span>
                )}
              </div>
            )}
            {data.sample.length > 0 && (
              <ul className={classes.sample} aria-label={t('live.sample')}>
                {data.sample.slice(0, 8).map((person) => (
                  <li key={person.id}>
                    <Link to="/customers/$id" params={{ id: String(person.id) }}>
                      {person.name || t('live.nameless', { id: person.id })}
                    </Link>
                    <span className="dim">{person.detail}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )
      )}
    </aside>
  );
}
