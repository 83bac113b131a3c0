// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Split } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { confirm, Query, tell, tellUndo } from '@/shared/page';
import { recordsQuery, separateRecords, undoChange, type Customer } from '../api';
import { RecordCard } from './RecordCard';
import classes from './Records.module.css';

/** The source records of a customer, as they were given; any of them can be separated again. */
export function Records({ customer }: { customer: Customer }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const result = useQuery(recordsQuery(customer.id));
  const [chosen, setChosen] = useState<number[]>([]);
  const separate = useMutation({
    mutationFn: (ids: number[]) => separateRecords(customer.id, ids),
    onSuccess: (after) => {
      const entry = after.entry_id;
      if (entry) {
        tellUndo(t('record.separated'), () =>
          undoChange(customer.id, entry).then(() => queries.invalidateQueries({ queryKey: ['customers'] })),
        );
      } else tell(t('record.separated'));
      setChosen([]);
      return queries.invalidateQueries({ queryKey: ['customers'] });
    },
  });
  const ask = async (ids: number[]) => {
    const sure = await confirm({
      title: t('record.separateTitle', { count: ids.length }),
      text: t('record.separateText'),
      action: t('record.separate'),
    });
    if (sure) separate.mutate(ids);
  };
  return (
    <Query result={result}>
      {({ items }) => {
        const live = items.filter((record) => !record.withdrawn_at);
        const separable = can('customer:merge') && live.length > 1;
        return (
          <div className={classes.records}>
            <div className={classes.head}>
              <p className="dim">{t('record.about', { count: live.length })}</p>
              {chosen.length > 0 && (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<Split size={14} />}
                  disabled={chosen.length >= live.length}
                  loading={separate.isPending}
                  onClick={() => void ask(chosen)}
                >
                  {t('record.separateChosen', { count: chosen.length })}
                </Button>
              )}
            </div>
            {items.map((record) => (
              <RecordCard
                key={record.id}
                record={record}
                select={
                  separable && !record.withdrawn_at ? (
                    <Checkbox
                      aria-label={t('record.choose', { id: record.id })}
                      checked={chosen.includes(record.id)}
                      onChange={(event) =>
                        setChosen(
                          event.currentTarget.checked
                            ? [...chosen, record.id]
                            : chosen.filter((id) => id !== record.id),
                        )
                      }
                    />
                  ) : undefined
                }
                onSeparate={separable && !record.withdrawn_at ? () => void ask([record.id]) : undefined}
              />
            ))}
          </div>
        );
      }}
    </Query>
  );
}
