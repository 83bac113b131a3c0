// SPDX-License-Identifier: Apache-2.0
import { Button, Popover } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fingerprint, Pin } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/app/api';
import type { Schema } from '@/app/apiTypes';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Query, tell } from '@/shared/page';
import { pinValue, spread, type Customer } from '../api';
import { fieldText } from '../FieldValue';
import type { CustomerField } from '../fields';
import classes from './Profile.module.css';

/** Where a value comes from, what the other records say, and the pin that keeps one of them. */
export function OriginButton({ customer, field }: { customer: Customer; field: CustomerField }) {
  const { t } = useTranslation('customer');
  const [opened, setOpened] = useState(false);
  const pinned = customer.pins[field.name] !== undefined;
  const Icon = pinned ? Pin : Fingerprint;
  const label = t('origin.of', { field: field.label });
  return (
    <Popover opened={opened} onChange={setOpened} position="left-start" width={320} trapFocus>
      <Popover.Target>
        <button
          type="button"
          className={classes.origin}
          data-pinned={pinned || undefined}
          aria-label={label}
          title={label}
          onClick={() => setOpened(!opened)}
        >
          <Icon size={14} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        {opened && <Origins customer={customer} field={field} onDone={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Origins({ customer, field, onDone }: { customer: Customer; field: CustomerField; onDone: () => void }) {
  const { t } = useTranslation('customer');
  const queries = useQueryClient();
  const explained = useQuery({
    queryKey: ['customers', 'one', customer.id, 'origin', field.name],
    queryFn: ({ signal }) =>
      api.get('/api/customers/{id}/origin', { path: { id: customer.id }, query: { field: field.name }, signal }),
  });
  const pin = useMutation({
    mutationFn: (recordId: number | null) => pinValue(customer.id, field.name, { record_id: recordId }),
    onSuccess: (changed, recordId) => {
      spread(queries, changed);
      tell(t(recordId === null ? 'origin.unpinned' : 'origin.pinned', { field: field.label }));
      onDone();
    },
  });
  return (
    <>
      <strong style={{ fontWeight: 650 }}>{field.label}</strong>
      <Query result={explained} lines={2}>
        {(why) => (
          <>
            <div className="dim" style={{ fontSize: 12 }}>
              {translate(`customer:rule.${why.reason}`, why.reason)} · {t('origin.ladder')}:{' '}
              {why.criteria.map((one) => translate(`customer:golden.criterion.${one}`, one)).join(' › ')}
              {why.is_own_rule && ` (${t('origin.ownRule')})`}
            </div>
            <ul className={classes.choices}>
              {why.contenders.map((one) => (
                <ContenderLine key={one.record_id} one={one} field={field} busy={pin.isPending} onPin={pin.mutate} />
              ))}
            </ul>
            <Link to="/golden-rules" style={{ fontSize: 12, color: 'var(--accent-text)' }}>
              {t('origin.rules')}
            </Link>
          </>
        )}
      </Query>
    </>
  );
}

interface ContenderLineProps {
  one: Schema<'CustomerContender'>;
  field: CustomerField;
  busy: boolean;
  onPin: (recordId: number | null) => void;
}

/** One value that was in the running: why it was kept or lost, and the pin. */
function ContenderLine({ one, field, busy, onPin }: ContenderLineProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const can = useCan();
  return (
    <li className={classes.choice} data-chosen={one.is_winner || undefined}>
      <span className="ellipsis">{fieldText(field, one.value, format) || '–'}</span>
      {can('customer:update') && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={busy}
          onClick={() => onPin(one.is_pinned ? null : one.record_id)}
        >
          {t(one.is_pinned ? 'origin.unpin' : 'origin.pin')}
        </Button>
      )}
      <small>
        {one.source} · {format.date(one.received_at)} ·{' '}
        {one.is_winner
          ? t('origin.won')
          : translate(`customer:origin.lost.${one.lost_by ?? 'last'}`, '', { trust: one.trust })}
      </small>
    </li>
  );
}
