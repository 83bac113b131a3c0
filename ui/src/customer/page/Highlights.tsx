// SPDX-License-Identifier: Apache-2.0
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { panelsOf } from '@/app/capabilities';
import { useCan } from '@/app/session';
import { formatPhone, Initial, Masked } from '@/shared/format';
import { Loading, Status } from '@/shared/page';
import type { Customer } from '../api';
import { useCustomerFields } from '../fields';
import { fieldCell } from '../FieldValue';
import { useFormat } from '@/shared/format';
import classes from './Highlights.module.css';

/** Who this is, how to reach them and the few numbers that matter. */
export function Highlights({ customer, compact }: { customer: Customer; compact?: boolean }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const format = useFormat();
  const fields = useCustomerFields();
  const grade = fields.find((field) => field.name === 'grade');
  const known = customer.full_name || customer.company || '';
  const contacts = [formatPhone(customer.mobile || customer.phone), customer.email].filter((c): c is string =>
    Boolean(c),
  );
  const numbers = panelsOf('customer.highlight').filter((panel) => can(panel.permission));
  return (
    <div className={classes.highlights} data-compact={compact || undefined}>
      <div className={classes.who}>
        <Initial name={known || '?'} size={compact ? 40 : 48} />
        <div className={classes.lines}>
          <div className={classes.name}>
            <h2>{known || t('unnamed')}</h2>
            {grade && customer.grade && fieldCell(grade, customer.grade, format)}
            {customer.kind !== 'person' && <Status tone="cyan">{t(`choice.${customer.kind as 'company'}`)}</Status>}
          </div>
          <div className={classes.contacts}>
            {contacts.map((contact, i) => (
              <Masked key={contact} value={contact} eye={i === 0} />
            ))}
            {customer.sido && (
              <span>
                {customer.sido} {customer.sigungu}
              </span>
            )}
          </div>
        </div>
      </div>
      {numbers.length > 0 && (
        <Suspense fallback={<Loading lines={1} />}>
          {numbers.map((panel) => (
            <panel.component key={panel.id} customerId={customer.id} />
          ))}
        </Suspense>
      )}
    </div>
  );
}
