// SPDX-License-Identifier: Apache-2.0
import { CopyButton, Tooltip } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/page';
import type { CustomerKey } from '../api';
import classes from './Keys.module.css';

/** The keys under which other systems know this customer. */
export function Keys({ keys }: { keys: CustomerKey[] }) {
  const { t } = useTranslation('customer');
  return (
    <Panel title={t('keys.title')} aside={keys.length} flush>
      {keys.length === 0 ? (
        <p className={classes.none}>{t('keys.none')}</p>
      ) : (
        <ul className={classes.list}>
          {keys.map((key) => (
            <li key={`${key.scheme}:${key.value}`}>
              <span className="dim">{key.label || key.scheme}</span>
              <code>{key.value}</code>
              <CopyButton value={key.value}>
                {({ copied, copy }) => (
                  <Tooltip label={t(copied ? 'keys.copied' : 'keys.copy')}>
                    <button type="button" onClick={copy} aria-label={t('keys.copyNamed', { name: key.value })}>
                      {copied ? <Check size={13} aria-hidden /> : <Copy size={13} aria-hidden />}
                    </button>
                  </Tooltip>
                )}
              </CopyButton>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
