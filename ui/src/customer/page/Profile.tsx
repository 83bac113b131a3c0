// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import type { Customer } from '../api';
import { fieldText } from '../FieldValue';
import { useCustomerFields, valueOf } from '../fields';
import { useEdit } from '../useEdit';
import { useOwners } from '../useOwners';
import { OriginButton } from './OriginButton';
import { ProfileValue } from './ProfileValue';
import classes from './Profile.module.css';

const inPeek = ['mobile', 'email', 'grade', 'birth_on', 'address', 'branch', 'joined_on'];
const listOnly = new Set(['record_count', 'created_at', 'updated_at']);

/** The values of a customer; each is edited in place and tells where it comes from. */
export function Profile({ customer, compact }: { customer: Customer; compact?: boolean }) {
  const { t } = useTranslation('customer');
  const can = useCan();
  const format = useFormat();
  const fields = useCustomerFields();
  const owners = useOwners();
  const edit = useEdit();
  const [all, setAll] = useState(false);
  const filled = (name: string) => {
    const value = valueOf(customer, name);
    return value !== undefined && value !== null && value !== '';
  };
  const usable = fields.filter((field) => !listOnly.has(field.name));
  const shown = compact
    ? usable.filter((field) => inPeek.includes(field.name))
    : usable.filter((field) => all || filled(field.name) || inPeek.includes(field.name));
  const hidden = usable.length - shown.length;
  const list = (
    <dl className={classes.list}>
      {shown.map((field) => {
        const value = valueOf(customer, field.name);
        const text = field.type === 'owner' ? (owners.get(Number(value)) ?? '') : fieldText(field, value, format);
        return (
          <div key={field.name} className={classes.line}>
            <dt className="ellipsis" title={field.label}>
              {field.label}
            </dt>
            <dd>
              <ProfileValue
                field={field}
                value={value}
                text={text}
                editable={Boolean(field.editable) && can('customer:update')}
                onSave={(next) => void edit(customer, field, next)}
              />
              {!compact && filled(field.name) && <OriginButton customer={customer} field={field} />}
            </dd>
          </div>
        );
      })}
    </dl>
  );
  if (compact) return list;
  return (
    <Panel title={t('profile')} flush>
      <div className={classes.body}>
        {list}
        {(hidden > 0 || all) && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setAll(!all)}>
            {all ? t('showFilled') : t('showAll', { count: hidden })}
          </Button>
        )}
      </div>
    </Panel>
  );
}
