// SPDX-License-Identifier: Apache-2.0
import { NumberInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { useFormat } from '@/shared/format';
import { Panel, Query, SimpleTable } from '@/shared/page';
import classes from './Rfm.module.css';

interface Spell {
  grade: string;
  reason: 'first' | 'up' | 'down' | 'rules';
  from_on: string;
  until_on?: string;
  falls_to?: string;
  falls_on?: string;
  version_id: number;
}

const historyQuery = (id: number) =>
  queryOptions({
    queryKey: ['mining-customer-grades', id],
    queryFn: ({ signal }) =>
      api.get<{ spells: Spell[] | null; level?: { keep_months?: number; seen?: string[] } }>(
        '/api/mining/customers/{id}/grades',
        { path: { id }, signal },
      ),
    enabled: id > 0,
  });

/** Which grade one customer had from when to when, and what the grade keeps and shows. */
export function GradeHistory() {
  const { t } = useTranslation('mining');
  const { date, number } = useFormat();
  const [id, setId] = useState(0);
  const [asked] = useDebouncedValue(id, 300);
  const result = useQuery(historyQuery(asked));
  return (
    <Panel title={t('grade.history')}>
      <div className={classes.stack}>
        <NumberInput
          label={t('grade.customer')}
          value={id > 0 ? id : ''}
          min={1}
          hideControls
          onChange={(v) => setId(typeof v === 'number' ? v : 0)}
          w={180}
        />
        {asked > 0 && (
          <Query result={result}>
            {(found) =>
              (found.spells ?? []).length === 0 ? (
                <p>{t('grade.noHistory')}</p>
              ) : (
                <>
                  <SimpleTable
                    label={t('grade.history')}
                    rows={found.spells ?? []}
                    rowKey={(spell) => `${spell.from_on}${spell.grade}`}
                    columns={[
                      { id: 'g', header: t('grade.grade'), cell: (spell) => <b>{spell.grade}</b> },
                      { id: 'f', header: t('grade.since'), cell: (spell) => date(spell.from_on) },
                      {
                        id: 'u',
                        header: t('grade.until'),
                        cell: (spell) => (spell.until_on ? date(spell.until_on) : '–'),
                      },
                      { id: 'r', header: t('grade.reason'), cell: (spell) => t(`grade.reasons.${spell.reason}`) },
                      {
                        id: 'n',
                        header: t('grade.falling'),
                        cell: (spell) => (spell.falls_on ? `${date(spell.falls_on)} → ${spell.falls_to}` : '–'),
                      },
                      { id: 'v', header: t('grade.version'), align: 'end', cell: (spell) => number(spell.version_id) },
                    ]}
                  />
                  {found.level && (
                    <p className="dim">
                      {t('grade.policy', {
                        seen:
                          (found.level.seen ?? [])
                            .map((kind) => t(`grade.data.${kind}` as 'grade.data.memo'))
                            .join(', ') || t('grade.seenAll'),
                        keep: found.level.keep_months
                          ? t('rfm.months', { n: found.level.keep_months })
                          : t('grade.byLaw'),
                      })}
                    </p>
                  )}
                </>
              )
            }
          </Query>
        )}
      </div>
    </Panel>
  );
}
