// SPDX-License-Identifier: Apache-2.0
import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Pencil, Plus, X } from 'lucide-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { Panel, tellUndo } from '@/shared/page';
import { customerQuery, type Relation } from '../api';
import classes from './Keys.module.css';
import { RelationDialog } from './RelationDialog';
import { SuggestedRelations } from './SuggestedRelations';

/** The ties of this customer: family, household, employer, who recommended whom. */
export function Relations({ relations, customerId }: { relations: Relation[]; customerId: number }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: customerQuery(customerId).queryKey });
  const [editing, setEditing] = useState<Relation | 'new'>();
  const mayEdit = can('customer:update');
  const tree = relations.some((one) => one.kind === 'introducer' || one.kind === 'introduced');
  const remove = useMutation({
    mutationFn: (gone: Relation) =>
      api.delete('/api/customers/{id}/relations/{relation}', { path: { id: customerId, relation: gone.id } }),
    onSuccess: (_, gone) => {
      tellUndo(t('relation.removed'), async () => {
        await api.post('/api/customers/{id}/relations', {
          path: { id: customerId },
          body: {
            other_id: gone.other_id,
            kind: gone.kind,
            note: gone.note,
            since_on: gone.since_on,
            until_on: gone.until_on,
          },
        });
        await refresh();
      });
      return refresh();
    },
  });
  const about = (one: Relation) =>
    [
      one.until_on
        ? t('relation.ended', { on: one.until_on })
        : one.since_on && t('relation.sinceOn', { on: one.since_on }),
      one.note,
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <Panel
      title={t('relation.title')}
      aside={relations.length || undefined}
      actions={
        mayEdit && (
          <ActionIcon size={26} onClick={() => setEditing('new')} aria-label={t('relation.add')}>
            <Plus size={15} />
          </ActionIcon>
        )
      }
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
                <small className="dim"> {about(relation)}</small>
              </Link>
              {mayEdit && (
                <span className={classes.acts}>
                  <button
                    type="button"
                    aria-label={t('relation.edit', { name: relation.other_name })}
                    onClick={() => setEditing(relation)}
                  >
                    <Pencil size={13} aria-hidden />
                  </button>
                  <button
                    type="button"
                    aria-label={t('relation.remove', { name: relation.other_name })}
                    onClick={() => remove.mutate(relation)}
                  >
                    <X size={13} aria-hidden />
                  </button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayEdit && <SuggestedRelations customerId={customerId} />}
      {tree && (
        <p className={classes.none}>
          <Link to="/referrals" search={{ customer: customerId }}>
            {t('referral.show')}
          </Link>
        </p>
      )}
      {editing && (
        <RelationDialog
          customerId={customerId}
          relation={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Panel>
  );
}
