// SPDX-License-Identifier: Apache-2.0
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable } from '@/shared/page';

interface Overdue {
  grades: { grade: string; keep_months: number; customers: number }[];
  is_erasing: boolean;
}

const overdueQuery = queryOptions({
  queryKey: ['mining-grades', 'overdue'],
  queryFn: ({ signal }) => api.get<Overdue>('/api/mining/grades/overdue', { signal }),
});

/** How many of each grade have not bought for longer than their data is kept. */
export function GradeOverdue() {
  const { t } = useTranslation('mining');
  const { number } = useFormat();
  const result = useQuery(overdueQuery);
  return (
    <Query result={result}>
      {(found) =>
        found.grades.length > 0 && (
          <Panel title={t('grade.overdue')}>
            <p>
              {found.grades.every((one) => one.customers === 0)
                ? t('grade.overdueNone')
                : t(found.is_erasing ? 'grade.overdueOn' : 'grade.overdueOff')}
            </p>
            <SimpleTable
              label={t('grade.overdue')}
              rows={found.grades}
              rowKey={(one) => one.grade}
              columns={[
                { id: 'g', header: t('grade.grade'), cell: (one) => <b>{one.grade}</b> },
                { id: 'k', header: t('grade.keep'), align: 'end', cell: (one) => number(one.keep_months) },
                { id: 'n', header: t('rfm.values.customers'), align: 'end', cell: (one) => number(one.customers) },
              ]}
            />
          </Panel>
        )
      }
    </Query>
  );
}
