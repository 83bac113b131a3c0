// SPDX-License-Identifier: Apache-2.0
import { Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, Query } from '@/shared/page';
import { askCube, firstRow } from './api';
import classes from './Home.module.css';

const reach = ['with_mobile', 'with_email'] as const;

/** How well customers can be reached and how many records came together. */
export function DataHealth() {
  const { t } = useTranslation('app');
  const { percent, number } = useFormat();
  const result = useQuery(
    askCube({ measures: ['customer.count', 'customer.with_mobile', 'customer.with_email', 'customer.records'] }),
  );
  return (
    <Panel title={t('home.health')}>
      <Query result={result} lines={3}>
        {(answer) => {
          const values = firstRow(answer);
          const customers = values['customer.count'] ?? 0;
          const records = values['customer.records'] ?? 0;
          const merged = Math.max(0, records - customers);
          return (
            <div className={classes.health}>
              {reach.map((name) => {
                const share = customers > 0 ? (values[`customer.${name}`] ?? 0) / customers : 0;
                return (
                  <div key={name} className={classes.bar}>
                    <span>{t(`home.${name}`)}</span>
                    <span className="num">{percent(share)}</span>
                    <Progress
                      value={100 * share}
                      color={share < 0.5 ? 'amber' : 'teal'}
                      aria-label={t(`home.${name}`)}
                    />
                  </div>
                );
              })}
              <p className="dim" style={{ margin: 0 }}>
                {t('home.unified', { records: number(records), customers: number(customers), merged: number(merged) })}
              </p>
            </div>
          );
        }}
      </Query>
    </Panel>
  );
}
