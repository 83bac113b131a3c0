// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tellFault } from '@/app/faults';
import { unmask, useCan } from '@/app/session';
import { askPurpose } from '@/shared/page';
import classes from './Masked.module.css';

/** Tells whether a value came masked from the server. */
export function maskedLooks(value: string): boolean {
  return value.includes('*');
}

/** A personal value; while it is masked an eye offers to show it in clear for a stated purpose. */
export function Masked({ value, eye = true }: { value: string; eye?: boolean }) {
  const { t } = useTranslation('shared');
  const queries = useQueryClient();
  const can = useCan();
  if (!eye || !maskedLooks(value) || !can('customer:unmask')) return <span>{value}</span>;
  const show = async (event: React.MouseEvent) => {
    event.stopPropagation();
    const purpose = await askPurpose('unmask');
    if (purpose) await unmask(queries, purpose).catch(tellFault);
  };
  return (
    <span className={classes.masked}>
      {value}
      <button
        type="button"
        className={classes.eye}
        onClick={show}
        aria-label={t('purpose.unmaskAction')}
        title={t('purpose.unmaskAction')}
      >
        <Eye size={13} aria-hidden />
      </button>
    </span>
  );
}
