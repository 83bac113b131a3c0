// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Panel, Query, SimpleTable } from '@/shared/page';
import { lawQuery } from '../api';

/** The figures of the law that the gate reads, with the days they hold and where they stand. */
export function Law() {
  const { t } = useTranslation('consent');
  const result = useQuery(lawQuery);
  return (
    <Panel flush title={t('rules.tab.law')}>
      <Query result={result}>
        {({ items }) => (
          <SimpleTable
            stack
            label={t('rules.tab.law')}
            rows={items}
            rowKey={(row) => row.name + row.valid_from}
            columns={[
              { id: 'name', header: t('rules.name'), cell: (row) => <code>{row.name}</code> },
              { id: 'value', header: t('rules.value'), cell: (row) => <span className="num">{row.value}</span> },
              { id: 'from', header: t('rules.from'), cell: (row) => <span className="num">{row.valid_from}</span> },
              { id: 'to', header: t('rules.to'), cell: (row) => <span className="num">{row.valid_to}</span> },
              { id: 'source', header: t('rules.source'), cell: (row) => row.source },
            ]}
          />
        )}
      </Query>
    </Panel>
  );
}
