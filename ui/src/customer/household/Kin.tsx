// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { Panel, tell, tellUndo } from '@/shared/page';
import { householdKey, type HouseholdDetail, type Kinship } from './api';
import classes from './Household.module.css';

/** How the members are related: known relations, and those that ages and names suggest. */
export function Kin({ household }: { household: HouseholdDetail }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: householdKey });
  const name = (id: number) => household.members.find((member) => member.id === id)?.full_name ?? `#${id}`;
  const relate = useMutation({
    mutationFn: ({ kin, state }: { kin: Kinship; state: 'stated' | 'declined' }) =>
      api.post('/api/customers/{id}/relations', {
        path: { id: kin.customer_id },
        body: { other_id: kin.other_id, kind: kin.kind, state },
      }),
    onSuccess: (made, { kin, state }) => {
      const undo = async () => {
        await api.delete('/api/customers/{id}/relations/{relation}', {
          path: { id: kin.customer_id, relation: made.id },
        });
        await refresh();
      };
      if (state === 'stated') tellUndo(t('relation.added'), undo);
      else tell(t('household.declined'));
      return refresh();
    },
  });
  return (
    <Panel title={t('household.relations')} aside={household.relations.length || undefined} flush>
      {household.relations.length === 0 && (
        <p className="dim" style={{ padding: '10px 14px', margin: 0 }}>
          {t('household.noRelations')}
        </p>
      )}
      <ul className={classes.kin}>
        {household.relations.map((kin) => (
          <li key={`${kin.customer_id}:${kin.other_id}:${kin.kind}`}>
            <span>
              {t('household.kin', {
                a: name(kin.customer_id),
                b: name(kin.other_id),
                kind: translate(`customer:relation.kind.${kin.kind}`, kin.kind),
              })}
            </span>
            {kin.is_suggested && can('customer:update') && (
              <span style={{ display: 'flex', gap: 4 }}>
                <Button size="compact-xs" variant="light" onClick={() => relate.mutate({ kin, state: 'stated' })}>
                  {t('household.accept')}
                </Button>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  onClick={() => relate.mutate({ kin, state: 'declined' })}
                >
                  {t('household.decline')}
                </Button>
              </span>
            )}
            {kin.is_suggested && !can('customer:update') && <span className="dim">{t('household.guessed')}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
