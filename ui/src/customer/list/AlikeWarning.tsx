// SPDX-License-Identifier: Apache-2.0
import { Alert, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import type { Alike } from '../api';

/** Tells while a customer is typed that somebody like it is known already. */
export function AlikeWarning({ alike, onOpen }: { alike: Alike[]; onOpen: (id: number) => void }) {
  const { t } = useTranslation('customer');
  const { percent } = useFormat();
  if (alike.length === 0) return null;
  return (
    <Alert color="amber" title={t('new.alike')} aria-live="polite">
      <ul style={{ margin: '4px 0 0', padding: 0, listStyle: 'none', display: 'grid', gap: 6 }}>
        {alike.map(({ customer, probability }) => (
          <li key={customer.id} style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
            <span style={{ flex: 1, minWidth: 0 }}>
              <strong>{customer.full_name}</strong>{' '}
              <span className="dim">
                {[customer.birth_on, customer.mobile ?? customer.phone, customer.email, customer.sigungu]
                  .filter(Boolean)
                  .slice(0, 3)
                  .join(' · ')}
              </span>
            </span>
            <span className="num dim">{t('new.alikeShare', { p: percent(probability, 0) })}</span>
            <Button size="compact-sm" variant="default" onClick={() => onOpen(customer.id)}>
              {t('new.openExisting')}
            </Button>
          </li>
        ))}
      </ul>
      <p style={{ margin: '8px 0 0', fontSize: 12 }}>{t('new.alikeText')}</p>
    </Alert>
  );
}
