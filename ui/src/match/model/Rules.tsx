// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable } from '@/shared/page';
import type { Model } from '../api';
import { ruleName } from '../words';

/** The blocking rules and what each one costs. */
export function Rules({ model }: { model: Model }) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const { rules, records } = model.spec;
  const total = rules.reduce((sum, rule) => sum + rule.pairs, 0);
  return (
    <Panel
      title={t('rules.title')}
      aside={t('rules.about', { n: number(total), each: number(total / records, 1) })}
      flush
    >
      <SimpleTable
        label={t('rules.title')}
        rows={rules}
        rowKey={(rule) => rule.label}
        columns={[
          { id: 'rule', header: t('rules.rule'), cell: (rule) => ruleName(rule.label) },
          {
            id: 'pairs',
            header: t('rules.pairs'),
            align: 'end',
            cell: (rule) => <span className="num">{number(rule.pairs)}</span>,
          },
          {
            id: 'each',
            header: t('rules.each'),
            align: 'end',
            cell: (rule) => <span className="num">{number(rule.pairs / records, 2)}</span>,
          },
          {
            id: 'skipped',
            header: t('rules.skipped'),
            align: 'end',
            cell: (rule) => <span className="num">{rule.skipped > 0 ? number(rule.skipped) : '–'}</span>,
          },
        ]}
      />
    </Panel>
  );
}
