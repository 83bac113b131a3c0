// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Schema } from '@/app/apiTypes';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';

/** Places with too many people for a home: offices, dormitories, wrong addresses. */
export function Crowded({ places }: { places: Schema<'HouseholdShownCrowd'>[] }) {
  const { t } = useTranslation('customer');
  const { number } = useFormat();
  return (
    <Panel title={t('household.tab.crowded')} flush>
      <p className="dim" style={{ padding: '10px 14px', margin: 0 }}>
        {t('household.crowdedText')}
      </p>
      <SimpleTable
        label={t('household.tab.crowded')}
        rows={places}
        rowKey={(place) => place.customer_id}
        columns={[
          { id: 'address', header: t('field.address'), cell: (place) => place.address },
          { id: 'people', header: t('household.people'), align: 'end', cell: (place) => number(place.people) },
          {
            id: 'one',
            header: t('household.oneOfThem'),
            cell: (place) => (
              <Link to="/customers/$id" params={{ id: String(place.customer_id) }}>
                #{place.customer_id}
              </Link>
            ),
          },
        ]}
      />
    </Panel>
  );
}
