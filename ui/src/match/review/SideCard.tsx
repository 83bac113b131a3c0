// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { Grade } from '@/customer/FieldValue';
import { useFormat } from '@/shared/format';
import { Status } from '@/shared/page';
import type { Side } from '../api';
import classes from './Review.module.css';

/** One customer of a pair: its records, and the orders and consents that would follow them. */
export function SideCard({ side }: { side: Side }) {
  const { t } = useTranslation('match');
  const { number, date } = useFormat();
  const { customer, records, stake } = side;
  return (
    <section className={classes.side} aria-label={`#${customer.id}`}>
      <h3>
        <Link to="/customers/$id" params={{ id: String(customer.id) }} search={{}}>
          {customer.full_name || t('pair.noName')}
        </Link>
        <span className="dim num">#{customer.id}</span>
        {customer.grade && <Grade name={customer.grade} />}
      </h3>
      <dl>
        <div>
          <dt>{t('pair.records', { count: records.length })}</dt>
          <dd>
            {records.map((record) => (
              <span key={record.id} className={classes.record} data-compared={record.is_compared || undefined}>
                {record.source} <span className="dim">{date(record.received_at)}</span>
              </span>
            ))}
          </dd>
        </div>
        <div>
          <dt>{t('pair.orders')}</dt>
          <dd className="num">{number(stake.orders)}</dd>
        </div>
        <div>
          <dt>{t('pair.consents')}</dt>
          <dd>
            {stake.consents?.length ? (
              stake.consents.map((one) => (
                <Status key={`${one.channel}${String(one.is_grant)}`} tone={one.is_grant ? 'teal' : 'red'}>
                  {translate(`consent:channel.${one.channel}`, one.channel)}{' '}
                  {t(one.is_grant ? 'pair.granted' : 'pair.refused')}
                </Status>
              ))
            ) : (
              <span className="dim">{t('pair.noConsents')}</span>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}
