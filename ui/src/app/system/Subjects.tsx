// SPDX-License-Identifier: Apache-2.0
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { translate } from '../i18n';

const SHOWN = 3;

interface SubjectsProps {
  kind: string;
  ids: number[];
  /** How many there are in all, when more than are listed. */
  count?: number;
}

/** Whose data an entry is about; customers are links. */
export function Subjects({ kind, ids, count = 0 }: SubjectsProps) {
  const { t } = useTranslation('app');
  const { number } = useFormat();
  const name = translate(`app:journal.subjects.${kind}`, kind);
  const more = Math.max(ids.length, count) - Math.min(ids.length, SHOWN);
  // Rows that open on a click must not open when a link in them is followed.
  const stop = (event: React.MouseEvent) => event.stopPropagation();
  return (
    <span>
      {name}{' '}
      {ids.slice(0, SHOWN).map((id, i) => (
        <span key={id}>
          {i > 0 && ', '}
          {kind === 'customer' ? (
            <Link
              to="/customers/$id"
              params={{ id: String(id) }}
              onClick={stop}
              style={{ textDecoration: 'underline' }}
            >
              #{id}
            </Link>
          ) : (
            `#${id}`
          )}
        </span>
      ))}
      {more > 0 && <span className="dim"> {t('journal.more', { shown: number(more), count: more })}</span>}
    </span>
  );
}
