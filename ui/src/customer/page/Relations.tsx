// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { Panel } from '@/shared/page';
import { customerQuery, type Relation } from '../api';
import { AddRelation } from './AddRelation';
import classes from './Keys.module.css';

/** The ties of this customer: family, household, employer, who recommended whom. */
export function Relations({ relations, customerId }: { relations: Relation[]; customerId: number }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (id: number) =>
      api.delete('/api/customers/{id}/relations/{relation}', { path: { id: customerId, relation: id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: customerQuery(customerId).queryKey }),
  });
  return (
    <Panel
      title={t('relation.title')}
      aside={relations.length || undefined}
      actions={can('customer:update') ? <AddRelation customerId={customerId} /> : undefined}
      flush
    >
      {relations.length === 0 ? (
        <p className={classes.none}>{t('relation.none')}</p>
      ) : (
        <ul className={classes.list}>
          {relations.map((relation) => (
            <li key={relation.id}>
              <span className="dim">{translate(`customer:relation.kind.${relation.kind}`, relation.kind)}</span>
              <Link
                to="/customers/$id"
                params={{ id: String(relation.other_id) }}
                className="ellipsis"
                style={{ paddingInline: 8 }}
              >
                {relation.other_name || `#${relation.other_id}`}
              </Link>
              {can('customer:update') && (
                <button
                  type="button"
                  aria-label={t('relation.remove', { name: relation.other_name })}
                  onClick={() => remove.mutate(relation.id)}
                >
                  <X size={13} aria-hidden />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
