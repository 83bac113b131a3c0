// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Query } from '@/shared/page';
import { worklistsQuery } from './api';
import classes from './Quality.module.css';

const FRESH = 15_000;

/** The worklists with how far everybody together is. */
export function Worklists() {
  const { t } = useTranslation('dataquality');
  const { number } = useFormat();
  const can = useCan();
  const navigate = useNavigate();
  const result = useQuery({ ...worklistsQuery, refetchInterval: FRESH });
  return (
    <Query result={result}>
      {({ items }) => (
        <div className={classes.cards}>
          {items.map((list) => {
            const done = list.mended + list.confirmed;
            const share = done + list.open > 0 ? (done / (done + list.open)) * 100 : 100;
            return (
              <section
                key={list.kind}
                className={classes.card}
                aria-label={translate(`dataquality:kind.${list.kind}`, list.kind)}
              >
                <h2>{translate(`dataquality:kind.${list.kind}`, list.kind)}</h2>
                <strong>{number(list.open)}</strong>
                <p>{translate(`dataquality:about.${list.kind}`, '')}</p>
                <span className={classes.meter} style={{ '--share': `${share}%` } as React.CSSProperties} />
                <span className="dim" style={{ fontSize: 12 }}>
                  {t('progress', { done: number(done), work: number(list.in_work) })}
                </span>
                <div className={classes.cardFoot}>
                  <Link to="/quality/issues" search={{ kind: list.kind }} style={{ color: 'var(--accent-text)' }}>
                    {t('asList')}
                  </Link>
                  {can('dataquality:mend') && list.open > 0 && (
                    <Button
                      size="compact-sm"
                      onClick={() => void navigate({ to: '/quality/work', search: { kind: list.kind } })}
                    >
                      {t('start')}
                    </Button>
                  )}
                </div>
              </section>
            );
          })}
        </div>
      )}
    </Query>
  );
}
