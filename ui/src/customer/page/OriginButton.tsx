// SPDX-License-Identifier: Apache-2.0
import { Button, Popover } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint, Pin } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Query, tell } from '@/shared/page';
import { pinValue, recordsQuery, spread, type Customer, type Value } from '../api';
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
  const format = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const origin = customer.provenance[field.name];
  const pinned = customer.pins[field.name];
  const records = useQuery(recordsQuery(customer.id));
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
      {origin && (
        <div className="dim" style={{ fontSize: 12 }}>
          {t('origin.chosen', {
            source: origin.source,
            at: format.date(origin.at),
            rule: translate(`customer:rule.${origin.rule}`, origin.rule),
          })}
        </div>
      )}
      <Query result={records} lines={2}>
        {({ items }) => (
          <ul className={classes.choices}>
            {items
              .filter(
                (record) =>
                  !record.withdrawn_at && record.values[field.name] !== undefined && record.values[field.name] !== '',
              )
              .map((record) => (
                <li
                  key={record.id}
                  className={classes.choice}
                  data-chosen={record.id === origin?.record_id || undefined}
                >
                  <span className="ellipsis">
                    {fieldText(field, record.values[field.name] as Value | undefined, format)}
                  </span>
                  {can('customer:update') &&
                    (record.id === pinned ? (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        loading={pin.isPending}
                        onClick={() => pin.mutate(null)}
                      >
                        {t('origin.unpin')}
                      </Button>
                    ) : (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        loading={pin.isPending}
                        onClick={() => pin.mutate(record.id)}
                      >
                        {t('origin.pin')}
                      </Button>
                    ))}
                  <small>
                    {record.source} · {format.date(record.received_at)}
                  </small>
                </li>
              ))}
          </ul>
        )}
      </Query>
    </>
  );
}
