// SPDX-License-Identifier: Apache-2.0
import { DatePickerInput } from '@mantine/dates';
import { useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { Users } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable } from '@/shared/page';
import type { Contribution } from './api';
import classes from './Quality.module.css';

const DAY = 'YYYY-MM-DD';

/** Who entered and mended how much in a period, and how well it stood. */
export function Contributions() {
  const { t } = useTranslation('dataquality');
  const { number } = useFormat();
  const [period, setPeriod] = useState<[string | null, string | null]>([
    dayjs().subtract(29, 'day').format(DAY),
    dayjs().format(DAY),
  ]);
  const [from, to] = period;
  const result = useQuery({
    queryKey: ['quality', 'contributions', from, to],
    queryFn: ({ signal }) => api.get('/api/contributions', { query: { from: from ?? '', to: to ?? '' }, signal }),
    enabled: Boolean(from && to),
  });
  return (
    <div className={classes.stack}>
      <DatePickerInput
        type="range"
        aria-label={t('period')}
        valueFormat={DAY}
        value={period}
        onChange={setPeriod}
        allowSingleDateInRange
        w={230}
      />
      <Query result={result}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={Users} title={t('noContributions')} text={t('noContributionsText')} />
          ) : (
            <Panel title={t('tab.contributions')} flush>
              <SimpleTable<Contribution>
                label={t('tab.contributions')}
                rows={items}
                rowKey={(one) => one.person_id}
                stack
                columns={[
                  { id: 'name', header: t('person'), cell: (one) => one.name || `#${one.person_id}` },
                  { id: 'entries', header: t('entries'), align: 'end', cell: (one) => number(one.entries) },
                  { id: 'customers', header: t('people'), align: 'end', cell: (one) => number(one.customers) },
                  {
                    id: 'clean',
                    header: t('clean'),
                    align: 'end',
                    cell: (one) => (one.entries > 0 ? `${one.clean.toFixed(0)}%` : '–'),
                  },
                  {
                    id: 'lasting',
                    header: t('lasting'),
                    align: 'end',
                    cell: (one) => (one.entries > 0 ? `${one.lasting.toFixed(0)}%` : '–'),
                  },
                  { id: 'mended', header: t('mended'), align: 'end', cell: (one) => number(one.mended) },
                  { id: 'confirmed', header: t('confirmedRight'), align: 'end', cell: (one) => number(one.confirmed) },
                ]}
              />
              <p className="dim" style={{ padding: '10px 14px', margin: 0 }}>
                {t('contributionsAbout')}
              </p>
            </Panel>
          )
        }
      </Query>
    </div>
  );
}
