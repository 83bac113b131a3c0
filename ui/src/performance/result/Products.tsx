// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, type SimpleColumn } from '@/shared/page';
import type { ProductResult, Result } from '../api';
import { VerdictBadge } from '../VerdictBadge';

/** The effect by product category, against the control group; all categories share one level of error. */
export function ProductsPanel({ result }: { result: Result }) {
  const { t } = useTranslation('performance');
  const { money, moneyCompact, percent } = useFormat();
  const { products, currency } = result;
  if (!products || products.length === 0 || result.verdict === 'no_control') return null;
  const asMoney = (value: number) => moneyCompact(Math.round(value), currency);
  const columns: SimpleColumn<ProductResult>[] = [
    { id: 'category', header: t('products.category'), cell: (row) => row.category || t('products.unknown') },
    {
      id: 'head',
      header: t('products.perHead'),
      align: 'end',
      cell: (row) =>
        `${money(Math.round(row.treatment.revenue_per_person), currency)} : ${money(Math.round(row.control.revenue_per_person), currency)}`,
    },
    {
      id: 'added',
      header: t('money.revenue'),
      align: 'end',
      cell: (row) => (
        <span className="num">
          {asMoney(row.added.value)}
          <br />
          <small className="dim">
            {asMoney(row.added.low)} – {asMoney(row.added.high)}
          </small>
        </span>
      ),
    },
    {
      id: 'roi',
      header: 'ROI',
      align: 'end',
      cell: (row) => (row.roi === undefined ? '–' : <span className="num">{percent(row.roi, 0)}</span>),
    },
    { id: 'verdict', header: t('parts.verdict'), cell: (row) => <VerdictBadge verdict={row.verdict} /> },
  ];
  return (
    <Panel title={t('products.title')} aside={t('parts.hint')} flush>
      <SimpleTable stack label={t('products.title')} rows={products} columns={columns} rowKey={(row) => row.category} />
    </Panel>
  );
}
