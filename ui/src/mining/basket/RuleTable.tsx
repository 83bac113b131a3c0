// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { GroupRule, Rule } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { Panel, SimpleTable, type SimpleColumn } from '@/shared/page';
import { FindingMenu } from '../actions';
import type { Basket, BasketRule } from '../findingApi';

interface RuleTableProps {
  rules: BasketRule[];
  by: 'category' | 'product';
  against?: string;
}

/** Whoever bought the left side but not yet the right one: those the rule is of use for. */
function rulesOf(rule: BasketRule, by: Basket['settings']['by']): Rule[] {
  const field = by === 'category' ? 'product.category' : 'product.name';
  const bought = (value: string): Rule => ({
    event: 'order',
    where: { op: 'and', rules: [{ field, is: 'eq', value }] } as GroupRule,
  });
  return [...rule.left.map(bought), { op: 'not', rules: [bought(rule.right)] }];
}

/** The rules with their measures; beside them how they do in the other baskets. */
export function RuleTable({ rules, by, against }: RuleTableProps) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const numbers = (id: string, header: string, cell: (r: BasketRule) => string, hint?: (r: BasketRule) => string) => ({
    id,
    header,
    align: 'end' as const,
    cell: (r: BasketRule) => (
      <span className="num" title={hint?.(r)}>
        {cell(r)}
      </span>
    ),
  });
  const beside: SimpleColumn<BasketRule>[] = against
    ? [
        numbers(
          'o',
          t(`finding.basket.otherConfidence.${against as 'before'}`),
          (r) => percent(r.against?.confidence ?? 0),
          (r) => `${number(r.against?.count ?? 0)} / ${number(r.against?.left ?? 0)}`,
        ),
        {
          id: 'd',
          header: t('finding.basket.change'),
          align: 'end',
          cell: (r) => {
            const change = 100 * (r.confidence - (r.against?.confidence ?? 0));
            const text = `${change > 0 ? '+' : ''}${number(change, 1)} %p`;
            return (r.against?.p_adjusted ?? 1) < 0.05 ? <strong>{text}</strong> : <span className="dim">{text}</span>;
          },
        },
      ]
    : [];
  return (
    <Panel title={t('finding.basket.list')} flush>
      <SimpleTable
        label={t('finding.basket.list')}
        rows={rules}
        rowKey={(r) => `${r.left.join('+')}>${r.right}`}
        columns={[
          { id: 'l', header: t('finding.basket.left'), cell: (r) => r.left.join(' + ') },
          { id: 'r', header: t('finding.basket.right'), cell: (r) => r.right },
          numbers('n', t('finding.count'), (r) => number(r.count)),
          numbers('s', t('finding.basket.support'), (r) => percent(r.support)),
          numbers(
            'c',
            t('finding.basket.confidence'),
            (r) => percent(r.confidence),
            (r) => `${percent(r.confidence_low)} – ${percent(r.confidence_high)}`,
          ),
          ...beside,
          numbers('x', t('finding.lift'), (r) => number(r.lift, 2)),
          numbers('e', t('finding.basket.leverage'), (r) => number(100 * r.leverage, 2)),
          numbers('v', t('finding.basket.conviction'), (r) => (r.conviction === null ? '∞' : number(r.conviction, 2))),
          numbers('q', 'χ²', (r) => number(r.chi_squared, 0)),
          {
            id: 'a',
            header: '',
            align: 'end',
            cell: (r) => (
              <FindingMenu
                name={t('finding.basket.people', { left: r.left.join(' + '), right: r.right })}
                rules={rulesOf(r, by)}
                category={by === 'category' ? r.right : undefined}
              />
            ),
          },
        ]}
      />
    </Panel>
  );
}
