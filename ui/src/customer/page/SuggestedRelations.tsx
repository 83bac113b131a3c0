// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { Check, X } from 'lucide-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import { translate } from '@/app/i18n';
import { tell } from '@/shared/page';
import { customerQuery, suggestedRelationsQuery, type SuggestedRelation } from '../api';
import classes from './Keys.module.css';

/** Places of work, and people who work at a company, that the data speaks for: one press keeps or declines. */
export function SuggestedRelations({ customerId }: { customerId: number }) {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const suggested = useQuery(suggestedRelationsQuery(customerId));
  const decide = useMutation({
    mutationFn: ({ one, state }: { one: SuggestedRelation; state: 'stated' | 'declined' }) =>
      api.post('/api/customers/{id}/relations', {
        path: { id: customerId },
        body: { other_id: one.other_id, kind: one.kind, state },
      }),
    onSuccess: (_, { state }) => {
      tell(t(state === 'stated' ? 'relation.added' : 'relation.declined'));
      return Promise.all([
        queries.invalidateQueries({ queryKey: customerQuery(customerId).queryKey }),
        queries.invalidateQueries({ queryKey: suggestedRelationsQuery(customerId).queryKey }),
      ]);
    },
  });
  const list = suggested.data?.items ?? [];
  if (list.length === 0) return null;
  return (
    <section aria-label={t('relation.suggested')}>
      <p className={classes.head}>{t('relation.suggested')}</p>
      <ul className={classes.list}>
        {list.map((one) => (
          <li key={one.other_id}>
            <span className="dim">{translate(`customer:relation.kind.${one.kind}`, one.kind)}</span>
            <span className="ellipsis" style={{ paddingInline: 8 }}>
              <Link to="/customers/$id" params={{ id: String(one.other_id) }}>
                {one.other_name || `#${one.other_id}`}
              </Link>{' '}
              <small className="dim">
                {t('relation.same', {
                  what: one.reasons.map((field) => translate(`customer:field.${field}`, field)).join(', '),
                })}
              </small>
            </span>
            <span className={classes.acts}>
              <button
                type="button"
                aria-label={t('relation.accept', { name: one.other_name })}
                onClick={() => decide.mutate({ one, state: 'stated' })}
              >
                <Check size={14} aria-hidden />
              </button>
              <button
                type="button"
                aria-label={t('relation.decline', { name: one.other_name })}
                onClick={() => decide.mutate({ one, state: 'declined' })}
              >
                <X size={13} aria-hidden />
              </button>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
