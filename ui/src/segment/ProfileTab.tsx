// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fingerprint, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/app/label';
import type { Catalogue, GroupRule, Rule } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, Query, SimpleTable } from '@/shared/page';
import { profileQuery, type Trait } from './api';
import { Engine } from './StateLine';
import classes from './Segment.module.css';

interface ProfileTabProps {
  rules: GroupRule | undefined;
  catalogue: Catalogue;
  /** Adds a trait to the rules; absent for whoever may not change them. */
  onAdd?: (rule: Rule) => void;
}

/** What the customers of the rules have more or less often than everyone else. */
export function ProfileTab({ rules, catalogue, onAdd }: ProfileTabProps) {
  const { t } = useTranslation('segment');
  const label = useLabel();
  const { number, percent } = useFormat();
  const result = useQuery(profileQuery(rules));
  const scaleOf = (trait: Trait) => catalogue.fields.find((f) => f.name === trait.field)?.scale ?? 1;
  const valueOf = (trait: Trait): string => {
    if (trait.value_label) return label(trait.value_label);
    if (trait.from !== undefined || trait.to !== undefined) {
      const shown = (x: number | undefined) => (x === undefined ? '' : number(x / scaleOf(trait), 1));
      return `${shown(trait.from)} – ${shown(trait.to)}`;
    }
    if (trait.value === undefined) return t('profile.unknown');
    if (typeof trait.value === 'boolean') return t(trait.value ? 'profile.yes' : 'profile.no');
    return typeof trait.value === 'number'
      ? number(trait.value / scaleOf(trait), 1)
      : trait.value || t('profile.unknown');
  };
  return (
    <Query result={result}>
      {(data) => (
        <Panel
          flush={data.traits.length > 0}
          title={t('profile.title')}
          aside={t('profile.aside', { count: number(data.count), others: number(data.total - data.count) })}
        >
          {data.traits.length === 0 ? (
            <EmptyState
              icon={Fingerprint}
              title={t('profile.none')}
              text={data.tests === 0 ? t('profile.nobody') : t('profile.noneText', { tests: data.tests })}
            />
          ) : (
            <SimpleTable
              label={t('profile.title')}
              stack
              rows={data.traits}
              rowKey={(trait) => `${trait.field} ${JSON.stringify(trait.rule)}`}
              foot={
                <tr>
                  <td colSpan={6} className="dim">
                    {t('profile.how', { tests: number(data.tests) })} <Engine explain={data.explain} />
                    {data.left_out > 0 && <> · {t('profile.leftOut', { count: data.left_out })}</>}
                  </td>
                </tr>
              }
              columns={[
                {
                  id: 'trait',
                  header: t('profile.trait'),
                  cell: (trait) => (
                    <>
                      {label(trait.label)} <strong style={{ fontWeight: 600 }}>{valueOf(trait)}</strong>
                    </>
                  ),
                },
                {
                  id: 'bars',
                  header: t('profile.compare'),
                  width: 220,
                  cell: (trait) => (
                    <div className={classes.bars} aria-hidden>
                      <div
                        className={classes.bar}
                        data-mine
                        style={{ width: `${Math.max(0.5, trait.share * 100)}%` }}
                      />
                      <div className={classes.bar} style={{ width: `${Math.max(0.5, trait.others * 100)}%` }} />
                    </div>
                  ),
                },
                {
                  id: 'share',
                  header: t('profile.share'),
                  align: 'end',
                  width: 100,
                  cell: (trait) => <span className="num">{percent(trait.share, 1)}</span>,
                },
                {
                  id: 'others',
                  header: t('profile.others'),
                  align: 'end',
                  width: 100,
                  cell: (trait) => <span className="num dim">{percent(trait.others, 1)}</span>,
                },
                {
                  id: 'lift',
                  header: t('profile.lift'),
                  align: 'end',
                  width: 90,
                  cell: (trait) => (
                    <span
                      className="num"
                      title={t('profile.sure', { z: number(trait.z, 1), q: trait.q.toExponential(1) })}
                    >
                      {t('profile.times', { lift: number(trait.lift, 2) })}
                    </span>
                  ),
                },
                {
                  id: 'add',
                  header: '',
                  align: 'end',
                  width: 120,
                  cell: (trait) =>
                    onAdd && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        leftSection={<Plus size={13} />}
                        onClick={() => onAdd(trait.rule)}
                      >
                        {t('profile.add')}
                      </Button>
                    ),
                },
              ]}
            />
          )}
        </Panel>
      )}
    </Query>
  );
}
