// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import type { Total } from '@/app/api';
import { useFormat } from '@/shared/format';
import type { Sort } from '@/shared/grid';
import type { CustomerField } from '../fields';
import classes from './ListFoot.module.css';

interface ListFootProps {
  total: Total;
  onCount: () => void;
  counting: boolean;
  sort: Sort;
  fields: CustomerField[];
}

/** The foot of the list: how many match (capped until asked for) and in which order. */
export function ListFoot({ total, onCount, counting, sort, fields }: ListFootProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const id = sort?.replace(/^-/, '');
  const field = fields.find((f) => f.name === id);
  return (
    <footer className={classes.foot}>
      {total.capped ? (
        <button
          type="button"
          className={classes.count}
          onClick={onCount}
          disabled={counting}
          title={t('list.countHint')}
        >
          {t('count', { count: total.count, shown: format.count(total) })}
        </button>
      ) : (
        <span className="num">{t('count', { count: total.count, shown: format.count(total) })}</span>
      )}
      {field && (
        <span className="dim">
          {t(sort?.startsWith('-') ? 'list.sortedDown' : 'list.sortedUp', { field: field.label })}
        </span>
      )}
      <span className={classes.hint}>{t('list.keys')}</span>
    </footer>
  );
}
