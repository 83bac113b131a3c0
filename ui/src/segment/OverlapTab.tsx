// SPDX-License-Identifier: Apache-2.0
import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleDot } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue, GroupRule } from '@/shared/filter';
import { useFormat } from '@/shared/format';
import { EmptyState, ErrorState, Loading, Panel, SimpleTable } from '@/shared/page';
import { overlapQuery, type Overlap } from './api';
import { circles, sharedBy } from './venn';
import classes from './Segment.module.css';

const MOST = 3;
const colours = ['var(--accent)', 'var(--teal)', 'var(--amber)', 'var(--violet)'];

function Diagram({ overlap, names }: { overlap: Overlap; names: string[] }) {
  const { t } = useTranslation('segment');
  const { number } = useFormat();
  const list = circles(overlap.sizes, overlap.regions);
  const left = Math.min(...list.map((c) => c.x - c.r));
  const top = Math.min(...list.map((c) => c.y - c.r));
  const width = Math.max(...list.map((c) => c.x + c.r)) - left;
  const height = Math.max(...list.map((c) => c.y + c.r)) - top;
  return (
    <svg
      viewBox={`${left - 0.03} ${top - 0.03} ${width + 0.06} ${height + 0.06}`}
      role="img"
      aria-label={t('overlap.picture', { names: names.join(', ') })}
      style={{ maxHeight: 320 }}
    >
      {list.map((circle, i) => (
        <circle
          key={names[i]}
          cx={circle.x}
          cy={circle.y}
          r={circle.r}
          fill={colours[i]}
          fillOpacity={0.28}
          stroke={colours[i]}
          strokeWidth={0.012}
        >
          <title>{`${names[i]}: ${number(overlap.sizes[i] ?? 0)}`}</title>
        </circle>
      ))}
    </svg>
  );
}

/** How the customers of the rules and of other segments lie over one another. */
export function OverlapTab({
  rules,
  catalogue,
  name,
}: {
  rules: GroupRule | undefined;
  catalogue: Catalogue;
  name: string;
}) {
  const { t } = useTranslation('segment');
  const { number, percent } = useFormat();
  const [chosen, setChosen] = useState<string[]>([]);
  const { data, error, isFetching } = useQuery(overlapQuery(rules, chosen.map(Number)));
  const nameOf = (id: string) => catalogue.segments.find((s) => String(s.id) === id)?.name ?? id;
  const names = [name || t('overlap.these'), ...chosen.map(nameOf)];
  const fits = data && data.sizes.length === names.length;
  return (
    <Panel title={t('overlap.title')}>
      <div className={classes.main}>
        <MultiSelect
          label={t('overlap.choose')}
          placeholder={chosen.length === 0 ? t('overlap.placeholder') : undefined}
          data={catalogue.segments.map((s) => ({ value: String(s.id), label: s.name }))}
          value={chosen}
          onChange={setChosen}
          maxValues={MOST}
          searchable
          nothingFoundMessage={t('overlap.noOthers')}
        />
        {error ? (
          <ErrorState fault={error} />
        ) : chosen.length === 0 ? (
          <EmptyState icon={CircleDot} title={t('overlap.empty')} text={t('overlap.emptyText')} />
        ) : !fits ? (
          <Loading lines={4} />
        ) : (
          <div className={classes.venn} aria-busy={isFetching}>
            {names.length <= MOST ? (
              <Diagram overlap={data} names={names} />
            ) : (
              <p className="dim">{t('overlap.four')}</p>
            )}
            <div className={classes.main}>
              <SimpleTable
                label={t('overlap.sets')}
                stack
                rows={names.map((one, i) => ({ one, i }))}
                rowKey={({ i }) => i}
                columns={[
                  {
                    id: 'set',
                    header: t('overlap.set'),
                    cell: ({ one, i }) => (
                      <>
                        <span aria-hidden style={{ color: colours[i] }}>
                          ●
                        </span>{' '}
                        {one}
                      </>
                    ),
                  },
                  {
                    id: 'size',
                    header: t('customers'),
                    align: 'end',
                    cell: ({ i }) => <span className="num">{number(data.sizes[i] ?? 0)}</span>,
                  },
                  {
                    id: 'with',
                    header: t('overlap.shared', { name: names[0] }),
                    align: 'end',
                    cell: ({ i }) => {
                      const shared = sharedBy(data.regions, 0, i);
                      const of = data.sizes[0] ?? 0;
                      return i === 0 ? (
                        ''
                      ) : (
                        <span className="num">{`${number(shared)} · ${percent(of > 0 ? shared / of : 0, 1)}`}</span>
                      );
                    },
                  },
                ]}
              />
              <SimpleTable
                label={t('overlap.regions')}
                stack
                rows={data.regions.filter((region) => region.count > 0).sort((a, b) => b.count - a.count)}
                rowKey={(region) => region.sets.join()}
                columns={[
                  {
                    id: 'sets',
                    header: t('overlap.only'),
                    cell: (region) => region.sets.map((i) => names[i]).join(' ∩ '),
                  },
                  {
                    id: 'count',
                    header: t('customers'),
                    align: 'end',
                    cell: (region) => <span className="num">{number(region.count)}</span>,
                  },
                ]}
              />
            </div>
          </div>
        )}
      </div>
    </Panel>
  );
}
