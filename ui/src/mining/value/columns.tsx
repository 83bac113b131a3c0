// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { SimpleColumn } from '@/shared/page';
import { useSegmentColumn } from '../useSegmentColumn';

/** Columns that the tables of value share: counts, sums of money, the way to a segment. */
export function useValueColumns<Row extends { customers: number }>(currency: string) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact } = useFormat();
  return {
    customers: (): SimpleColumn<Row> => ({
      id: 'n',
      header: t('rfm.values.customers'),
      align: 'end',
      cell: (row) => number(row.customers),
    }),
    sum: (id: string, header: string, of: (row: Row) => number): SimpleColumn<Row> => ({
      id,
      header,
      align: 'end',
      cell: (row) => moneyCompact(Math.round(of(row)), currency),
    }),
    toSegment: useSegmentColumn<Row>(),
  };
}
