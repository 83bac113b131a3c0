// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import classes from '../Finding.module.css';
import type { Basket } from '../findingApi';

const kinds = ['frequent', 'closed', 'maximal'] as const;

/** The itemsets of two and more: all, those that say something of their own, and the largest. */
export function BasketSets({ result }: { result: Basket }) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const [kind, setKind] = useState<(typeof kinds)[number]>('closed');
  const list = result.sets?.[kind];
  return (
    <Panel
      title={t('finding.basket.sets')}
      flush
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('finding.basket.kind')}
          value={kind}
          onChange={(next) => setKind(next as (typeof kinds)[number])}
          data={kinds.map((k) => ({
            value: k,
            label: `${t(`finding.basket.kinds.${k}`)} ${number(result.sets?.[k]?.count ?? 0)}`,
          }))}
        />
      }
    >
      <p className={classes.inset}>{t(`finding.basket.kindHint.${kind}`)}</p>
      <SimpleTable
        label={t('finding.basket.sets')}
        rows={list?.first ?? []}
        rowKey={(row) => row.items.join('+')}
        columns={[
          { id: 'i', header: t('finding.basket.items'), cell: (row) => row.items.join(' + ') },
          {
            id: 'n',
            header: t('finding.count'),
            align: 'end',
            cell: (row) => <span className="num">{number(row.count)}</span>,
          },
          {
            id: 's',
            header: t('finding.basket.support'),
            align: 'end',
            cell: (row) => <span className="num">{percent(row.support)}</span>,
          },
        ]}
      />
    </Panel>
  );
}
